package dev.sclera.dataset.synthetic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Draws vessels, and what diabetes makes of them: beaded veins, IRMA and new vessels. */
final class VesselLesions {

    private static final double VEIN = 0.78;
    private static final double ARTERY = 0.52;

    private final Anatomy eye;
    private final Canvas canvas;
    private final Sites sites;
    private final Chance chance;
    private final Set<Quadrant> beads = EnumSet.noneOf(Quadrant.class);

    VesselLesions(Anatomy eye, Canvas canvas, Sites sites, Chance chance) {
        this.eye = eye;
        this.canvas = canvas;
        this.sites = sites;
        this.chance = chance;
    }

    /**
     * Draws a tree of vessels.
     *
     * @param beaded in which quadrants veins are to be beaded
     * @return in which of them there is a vein that is wide enough
     */
    Set<Quadrant> draw(List<Vessel> vessels, Set<Quadrant> beaded) {
        double widest = eye.calibre() * eye.discDiameter() / 2;
        for (Vessel vessel : vessels) {
            boolean beads = vessel.vein() && vessel.length() > 0.2 && !beaded.isEmpty();
            List<Double> radii = beads ? beaded(vessel, beaded) : vessel.radii();
            double depth = vessel.vein() ? VEIN : ARTERY;
            // light that the column of blood mirrors: broad and bright on arteries
            double mirror = vessel.vein() ? 0.18 : 0.5;
            Brush.stroke(canvas.vessels, vessel.places(), radii, (across, radius) -> {
                double thick = depth * (0.42 + 0.58 * Math.min(1, radius / (0.75 * widest)));
                double column = Math.sqrt(Math.max(0, 1 - 0.85 * across * across));
                double wide = Retina.ramp(0.25 * widest, 0.6 * widest, radius);
                return thick * column * (1 - mirror * wide * Retina.bell(across * across / 0.06));
            });
        }
        return Set.copyOf(beads);
    }

    private List<Double> beaded(Vessel vessel, Set<Quadrant> quadrants) {
        List<Double> radii = new ArrayList<>(vessel.radii());
        double phase = 0;
        for (int i = 1; i < radii.size(); i++) {
            Point place = vessel.places().get(i);
            double radius = vessel.radii().get(i);
            phase += place.distance(vessel.places().get(i - 1)) / (radius * 1.15);
            boolean here = radius > 0.0055
                    && quadrants.contains(Quadrant.of(place, eye.fovea(), eye.side()))
                    && sites.inside(place, 0);
            if (here) {
                double swell = StrictMath.sin(phase);
                radii.set(i, radius * (1.15 + 0.5 * swell));
                mark(place, radii.get(i));
                Quadrant quadrant = Quadrant.of(place, eye.fovea(), eye.side());
                // one of each quadrant at least, and some more
                if (swell > 0.9 && (beads.add(quadrant) || chance.withProbability(0.3))) {
                    sites.take(new Lesion(LesionKind.VENOUS_BEADING, place, radius));
                }
            }
        }
        return radii;
    }

    private void mark(Point middle, double radius) {
        double step = 1.0 / canvas.side();
        for (double y = -radius; y <= radius; y += step) {
            for (double x = -radius; x <= radius; x += step) {
                if (x * x + y * y <= radius * radius) {
                    canvas.label(LesionKind.VENOUS_BEADING, middle.x() + x, middle.y() + y);
                }
            }
        }
    }

    void irma(Quadrant quadrant) {
        int tangles = chance.count(2, 4);
        for (int i = 0; i < tangles; i++) {
            Lesion lesion = sites.free(LesionKind.IRMA, chance.between(0.04, 0.06), sites.in(quadrant));
            int strands = chance.count(3, 5);
            double heading = chance.between(-Math.PI, Math.PI);
            for (int strand = 0; strand < strands; strand++) {
                Point from = lesion.at()
                        .plus(0.4 * lesion.radius() * chance.normal() / 2, 0.4 * lesion.radius() * chance.normal() / 2);
                tangle(LesionKind.IRMA, from, heading + 1.3 * chance.normal(), lesion.radius() * 1.7, 0.0038, 0.55, 42);
            }
        }
    }

    /** New vessels at the disc: a lace over it and around. */
    void atDisc() {
        double radius = eye.discDiameter() * chance.between(0.55, 0.85);
        sites.take(new Lesion(LesionKind.NEOVASCULARISATION, eye.disc(), radius));
        for (int i = 0; i < 3; i++) {
            fan(eye.disc(), radius, chance.between(-Math.PI, Math.PI), chance.count(6, 9));
        }
    }

    /** New vessels elsewhere: a fan that grows from a vein. */
    void elsewhere() {
        double radius = chance.between(0.07, 0.13);
        Lesion lesion = sites.free(
                LesionKind.NEOVASCULARISATION,
                radius,
                place -> canvas.vessels.at(place) > 0.3f && place.distance(eye.fovea()) > 0.35);
        fan(lesion.at(), lesion.radius(), chance.between(-Math.PI, Math.PI), chance.count(9, 14));
    }

    /** Like a sea fan: strands that spread, and are joined at the rim. */
    private void fan(Point middle, double radius, double direction, int strands) {
        for (int i = 0; i < strands; i++) {
            double heading = direction + 1.15 * chance.normal() * 0.8;
            double from = radius * chance.between(-0.1, 0.35);
            Point start = middle.plus(
                    from * StrictMath.cos(heading + 0.6 * chance.normal()),
                    from * StrictMath.sin(heading + 0.6 * chance.normal()));
            double width = chance.between(0.0024, 0.0046);
            tangle(LesionKind.NEOVASCULARISATION, start, heading, radius * chance.between(0.5, 1.2), width, 0.68, 22);
            double out = radius * chance.between(0.6, 1.0);
            Point rim = middle.plus(out * StrictMath.cos(heading), out * StrictMath.sin(heading));
            tangle(
                    LesionKind.NEOVASCULARISATION,
                    rim,
                    heading + chance.sign() * chance.between(1.0, 1.9),
                    radius * chance.between(0.3, 0.7),
                    0.8 * width,
                    0.68,
                    38);
        }
    }

    /** A fine vessel that winds and loops, turning by up to {@code curl} radians per unit of length. */
    private void tangle(
            LesionKind kind, Point start, double heading, double length, double radius, double depth, double curl) {
        List<Point> places = new ArrayList<>();
        double step = 0.006;
        Point place = start;
        double turned = heading;
        double wind = chance.normal();
        for (double walked = 0; walked < length; walked += step) {
            places.add(place);
            wind += -0.1 * wind + 0.45 * chance.normal();
            turned += step * curl * Math.max(-1.6, Math.min(1.6, wind));
            place = place.plus(step * StrictMath.cos(turned), step * StrictMath.sin(turned));
        }
        if (places.size() < 2) {
            return;
        }
        Brush.stroke(canvas.vessels, places, Collections.nCopies(places.size(), radius), (across, own) -> depth);
        places.forEach(at -> {
            canvas.label(kind, at.x(), at.y());
            canvas.label(kind, at.x() + 0.003, at.y());
            canvas.label(kind, at.x(), at.y() + 0.003);
            canvas.label(kind, at.x() + 0.003, at.y() + 0.003);
        });
    }
}
