package dev.sclera.dataset.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Where lesions may lie: within the field, off the disc, and clear of each other. */
final class Sites {

    private static final double GAP = 0.022;
    private static final double MARGIN = 0.035;
    private static final int PATIENCE = 60;

    private final Anatomy eye;
    private final Camera camera;
    private final Chance chance;
    private final List<Lesion> taken = new ArrayList<>();

    Sites(Anatomy eye, Camera camera, Chance chance) {
        this.eye = eye;
        this.camera = camera;
        this.chance = chance;
    }

    /** A place of so much room, anywhere. */
    Lesion free(LesionKind kind, double radius, Predicate<Point> suits) {
        double room = radius;
        double gap = GAP;
        for (int attempt = 1; ; attempt++) {
            Point place = new Point(chance.between(-1, 1), chance.between(-1, 1));
            if (inside(place, room) && suits.test(place) && clear(place, room + gap)) {
                return take(new Lesion(kind, place, room));
            }
            if (attempt % PATIENCE == 0) {
                // a crowded eye has smaller ones; where nothing suits, none would ever
                room = Math.max(0.006, room * 0.85);
                gap *= 0.9;
            }
            if (attempt > 200 * PATIENCE) {
                throw new IllegalStateException("there is no room for a " + kind);
            }
        }
    }

    Lesion take(Lesion lesion) {
        taken.add(lesion);
        return lesion;
    }

    List<Lesion> taken() {
        return List.copyOf(taken);
    }

    boolean inside(Point place, double radius) {
        return camera.shows(place, radius + MARGIN)
                && eye.discDistance(place.x(), place.y()) > 1.15 + 2 * radius / eye.discDiameter();
    }

    Predicate<Point> in(Quadrant quadrant) {
        return place -> Quadrant.of(place, eye.fovea(), eye.side()) == quadrant;
    }

    private boolean clear(Point place, double room) {
        return taken.stream().noneMatch(lesion -> place.distance(lesion.at()) < lesion.radius() + room);
    }
}
