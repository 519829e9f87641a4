package dev.sclera.dataset.synthetic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Grows an eye's retinal vessels: for each quarter an artery and a vein that leave the disc, divide by
 * {@linkplain Murray Murray's law}, wind and taper, and spare the fovea. Arteries are about two thirds as wide as the
 * veins beside them.
 */
final class VesselTree {

    /** Of the radius of arteries to that of veins. */
    static final double ARTERY_TO_VEIN = 0.67;

    /** How near to the fovea no vessel comes, in disc diameters. */
    static final double AVASCULAR = 0.33;

    private static final double STEP = 0.04;
    private static final double THINNEST = 0.0085;
    private static final double BEYOND = 1.06;

    private final Anatomy eye;
    private final Chance chance;
    private final double foveaX;
    private final double foveaY;
    private final Deque<Shoot> shoots = new ArrayDeque<>();
    private final List<Vessel> vessels = new ArrayList<>();
    private final Occupancy veins = new Occupancy();
    private final Occupancy arteries = new Occupancy();

    private VesselTree(Anatomy eye, Chance chance) {
        this.eye = eye;
        this.chance = chance;
        foveaX = (eye.fovea().x() - eye.disc().x()) * eye.side().temporal() / eye.discDiameter();
        foveaY = (eye.fovea().y() - eye.disc().y()) / eye.discDiameter();
    }

    /** A vessel that is still to grow; places in disc diameters from the disc, x towards the temple. */
    private record Shoot(
            boolean vein, int depth, int parent, double x, double y, double heading, double radius, Course course) {}

    static List<Vessel> grow(Anatomy eye, Chance chance) {
        VesselTree tree = new VesselTree(eye, chance);
        tree.plant();
        while (!tree.shoots.isEmpty()) {
            tree.grow(tree.shoots.remove());
        }
        return List.copyOf(tree.vessels);
    }

    private void plant() {
        for (boolean up : new boolean[] {true, false}) {
            double centre = foveaX + chance.between(-0.1, 0.5);
            double squash = chance.between(0.74, 1.0);
            double opening = chance.between(0.1, 0.6);
            double radius = centre * chance.between(0.94, 1.04);
            int above = up ? -1 : 1;
            boolean veinOutside = chance.withProbability(0.5);
            for (boolean vein : new boolean[] {true, false}) {
                double shift = (vein == veinOutside ? 1 : -1) * chance.between(0.08, 0.2);
                Course arcade = new Course.Arcade(centre, foveaY * 0.7, radius + shift, opening, squash, up);
                shoot(vein, above * chance.between(1.25, 1.7), 1.0, arcade);
                double nasal = above * chance.between(2.05, 2.6) + (vein ? 0 : above * chance.between(-0.25, 0.25));
                shoot(
                        vein,
                        nasal,
                        chance.between(0.62, 0.82),
                        new Course.Onward(nasal + above * chance.between(-0.1, 0.35)));
            }
        }
        // small ones that leave the disc towards the macula and the nose
        int small = chance.count(2, 4);
        for (int i = 0; i < small; i++) {
            boolean vein = i % 2 == 0;
            double bearing = chance.sign() * chance.between(0.25, 0.6);
            double nearest = chance.between(AVASCULAR + 0.05, 0.9);
            shoot(vein, bearing, chance.between(0.28, 0.36), new Course.Macular(foveaX, foveaY, nearest));
        }
        double nose = Math.PI + chance.between(-0.3, 0.3);
        shoot(chance.withProbability(0.5), nose, chance.between(0.32, 0.45), new Course.Onward(nose));
    }

    private void shoot(boolean vein, double heading, double width, Course course) {
        double radius = eye.calibre() / 2 * width * (vein ? 1 : ARTERY_TO_VEIN) * chance.between(0.92, 1.08);
        // out of the cup, a little to the nasal side
        double from = chance.between(0.02, 0.1);
        double x = -0.06 + from * StrictMath.cos(heading);
        double y = from * StrictMath.sin(heading);
        shoots.add(new Shoot(vein, 0, 0, x, y, heading, radius, course));
    }

    private void grow(Shoot shoot) {
        Occupancy taken = shoot.vein ? veins : arteries;
        int number = vessels.size() + 1;
        List<Point> places = new ArrayList<>();
        List<Double> radii = new ArrayList<>();
        double x = shoot.x;
        double y = shoot.y;
        double heading = shoot.heading;
        double radius = shoot.radius;
        double wind = 0;
        double walked = 0;
        double next = untilDivision(radius, shoot.depth);
        int sideOfLast = chance.sign();
        boolean blocked = false;
        while (radius > THINNEST && !blocked) {
            Point place = placed(x, y);
            places.add(place);
            radii.add(radius * eye.discDiameter());
            if (outside(place) || shoot.course.ends(x, y) || tooNear(x, y)) {
                break;
            }
            taken.take(place, number);
            wind += -wind * 0.12 + chance.normal() * 0.28;
            double turn = angle(shoot.course.heading(x, y) - heading);
            // one that has lost its way would go in a circle
            blocked = shoot.depth > 0 && Math.abs(turn) > 1.9;
            double slender = Math.min(1.6, 0.7 + 0.012 / radius);
            heading += STEP
                    * (shoot.course.readiness() * Math.max(-1.2, Math.min(1.2, turn))
                            + 1.5 * eye.tortuosity() * slender * wind);
            x += STEP * StrictMath.cos(heading);
            y += STEP * StrictMath.sin(heading);
            walked += STEP;
            radius *= 1 - 0.035 * STEP;
            double ahead = walked > 0.3 ? 2.2 * STEP : 0;
            blocked |= ahead > 0
                    && shoot.depth > 0
                    && taken.taken(
                            placed(x + ahead * StrictMath.cos(heading), y + ahead * StrictMath.sin(heading)),
                            number,
                            shoot.parent);
            if (walked > next && x * x + y * y > 0.3) {
                sideOfLast = chance.withProbability(0.75) ? -sideOfLast : sideOfLast;
                Murray division = Murray.divide(radius, ratio(shoot.depth));
                branch(shoot, number, x, y, heading, division, sideOfLast);
                heading -= sideOfLast * division.largerTurn() * 0.8;
                radius = division.larger();
                next = walked + untilDivision(radius, shoot.depth);
            }
        }
        if (places.size() > 3) {
            vessels.add(tapered(shoot, places, radii, blocked));
        }
    }

    private void branch(Shoot from, int number, double x, double y, double heading, Murray division, int towards) {
        if (division.smaller() < THINNEST) {
            return;
        }
        double own = heading + towards * Math.min(1.3, division.smallerTurn() * chance.between(0.75, 1.05));
        double toFovea = StrictMath.atan2(foveaY - y, foveaX - x);
        double distance = Math.sqrt((foveaX - x) * (foveaX - x) + (foveaY - y) * (foveaY - y));
        boolean inward = Math.abs(angle(own - toFovea)) < 1.1 && distance < 3.2;
        Course course = inward
                ? new Course.Macular(foveaX, foveaY, chance.between(AVASCULAR + 0.02, 0.95))
                : new Course.Onward(own + chance.between(-0.35, 0.15) * towards);
        shoots.add(new Shoot(from.vein, from.depth + 1, number, x, y, own, division.smaller(), course));
    }

    private double ratio(int depth) {
        return depth == 0 ? chance.between(0.4, 0.85) : chance.between(0.55, 0.95);
    }

    private double untilDivision(double radius, int depth) {
        return (depth == 0 ? chance.between(0.35, 0.85) : chance.between(0.35, 1.0)) * (0.75 + 6 * radius);
    }

    /** The end of a vessel fades rather than stops. */
    private Vessel tapered(Shoot shoot, List<Point> places, List<Double> radii, boolean blocked) {
        int last = radii.size() - 1;
        int length = Math.min(blocked ? 10 : 8, last);
        for (int i = last - length + 1; i <= last; i++) {
            radii.set(i, radii.get(i) * (0.25 + 0.75 * (last - i) / length));
        }
        return new Vessel(shoot.vein, shoot.depth == 0, places, radii);
    }

    private Point placed(double x, double y) {
        return eye.disc().plus(eye.side().temporal() * x * eye.discDiameter(), y * eye.discDiameter());
    }

    private boolean tooNear(double x, double y) {
        return (foveaX - x) * (foveaX - x) + (foveaY - y) * (foveaY - y) < AVASCULAR * AVASCULAR;
    }

    private static boolean outside(Point place) {
        return place.x() * place.x() + place.y() * place.y() > BEYOND * BEYOND;
    }

    private static double angle(double radians) {
        double turned = radians;
        while (turned > Math.PI) {
            turned -= 2 * Math.PI;
        }
        while (turned < -Math.PI) {
            turned += 2 * Math.PI;
        }
        return turned;
    }
}
