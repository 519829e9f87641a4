package dev.sclera.dataset.synthetic;

import java.util.function.Predicate;

/** Draws microaneurysms and haemorrhages. */
final class BloodLesions {

    private final Anatomy eye;
    private final Canvas canvas;
    private final Sites sites;
    private final Chance chance;
    private final Noise noise;

    BloodLesions(Anatomy eye, Canvas canvas, Sites sites, Chance chance) {
        this.eye = eye;
        this.canvas = canvas;
        this.sites = sites;
        this.chance = chance;
        noise = chance.noise();
    }

    void draw(LesionPlan plan) {
        for (int i = 0; i < plan.preretinal(); i++) {
            preretinal();
        }
        plan.haemorrhages().forEach((quadrant, count) -> {
            for (int i = 0; i < count; i++) {
                haemorrhage(quadrant, count);
            }
        });
        for (int i = 0; i < plan.microaneurysms(); i++) {
            microaneurysm();
        }
        if (plan.vitreous()) {
            vitreous();
        }
    }

    private void microaneurysm() {
        double radius = chance.between(0.0085, 0.0125);
        double reach = chance.between(0.35, 0.85);
        // most lie in the posterior pole, and one on a vessel could not be told from it
        Predicate<Point> suits = place -> place.distance(eye.fovea()) < reach && canvas.vessels.at(place) < 0.05f;
        Lesion lesion = sites.free(LesionKind.MICROANEURYSM, radius, suits);
        Blot dot = Blot.round(lesion.at(), radius, 0.1, 0.3, chance.between(0.6, 0.95), noise);
        canvas.lesion(LesionKind.MICROANEURYSM, canvas.blood, lesion.at(), dot.reach(), dot);
        canvas.label(LesionKind.MICROANEURYSM, lesion.at().x(), lesion.at().y());
    }

    private void haemorrhage(Quadrant quadrant, int crowd) {
        double size = crowd > 12 ? 0.75 : 1;
        double kind = chance.between(0, 1);
        if (kind < 0.45) {
            blot(quadrant, size * chance.between(0.012, 0.019), 0.25, 0.35);
        } else if (kind < 0.82) {
            blot(quadrant, size * chance.between(0.018, 0.045), 0.7, 0.35);
        } else {
            flame(quadrant, size * chance.between(0.028, 0.055));
        }
    }

    /** In a quadrant, and more in some parts of it than in others. */
    private Predicate<Point> crowded(Quadrant quadrant) {
        Predicate<Point> inside = sites.in(quadrant);
        return place -> inside.test(place) && noise.at(place.x() * 3.1 + 40, place.y() * 3.1) > chance.between(-1, 0.7);
    }

    private void blot(Quadrant quadrant, double radius, double ragged, double soft) {
        Lesion lesion = sites.free(LesionKind.HAEMORRHAGE, radius, crowded(quadrant));
        double length = lesion.radius() * chance.between(0.85, 1.05);
        double breadth = length * chance.between(0.65, 1);
        Blot shape = new Blot(
                lesion.at(),
                length,
                breadth,
                chance.between(0, Math.PI),
                ragged,
                soft,
                chance.between(0.45, 1.1),
                noise);
        canvas.lesion(LesionKind.HAEMORRHAGE, canvas.blood, lesion.at(), shape.reach(), shape);
    }

    /** Blood among nerve fibres, which run from the disc: drawn out along them, in streaks. */
    private void flame(Quadrant quadrant, double radius) {
        Lesion lesion = sites.free(LesionKind.HAEMORRHAGE, radius, crowded(quadrant));
        double length = lesion.radius();
        double along = StrictMath.atan2(
                        lesion.at().y() - eye.disc().y(),
                        lesion.at().x() - eye.disc().x())
                + 0.2 * chance.normal();
        Blot shape = new Blot(lesion.at(), length, length * chance.between(0.3, 0.45), along, 0.5, 0.35, 1, noise);
        double strength = chance.between(0.75, 1.15);
        double cosine = StrictMath.cos(along);
        double sine = StrictMath.sin(along);
        canvas.lesion(LesionKind.HAEMORRHAGE, canvas.blood, lesion.at(), shape.reach(), (x, y) -> {
            double within = shape.at(x, y);
            double across = (y * cosine - x * sine) * 140;
            double streak = within == 0 ? 0 : noise.at(across, (x * cosine + y * sine) * 9);
            return strength * within * (0.85 + 0.3 * streak);
        });
    }

    /** Blood between retina and vitreous: it sinks, so that its upper edge is level. */
    private void preretinal() {
        double radius = chance.between(0.12, 0.27);
        Lesion lesion = sites.free(LesionKind.PRERETINAL_HAEMORRHAGE, radius, place -> place.y() > -0.35);
        double wide = lesion.radius() * chance.between(0.95, 1.1);
        double level = -chance.between(0.1, 0.35);
        double strength = chance.between(1.0, 1.5);
        Blot bowl = new Blot(lesion.at(), wide, wide * chance.between(0.6, 0.85), 0, 0.25, 0.09, strength, noise);
        double tilt = 0.06 * chance.normal();
        canvas.lesion(LesionKind.PRERETINAL_HAEMORRHAGE, canvas.blood, lesion.at(), bowl.reach(), (x, y) -> {
            double above = (y - lesion.at().y()) / wide
                    - level
                    - tilt * (x - lesion.at().x()) / wide;
            double wave = 0.05 * noise.at(x * 14, 3);
            return bowl.at(x, y) * Retina.ramp(-0.05, 0.08, above + wave) * (0.9 + 0.25 * noise.at(x * 9, y * 9));
        });
    }

    /** Blood that drifts in the vitreous: out of focus, in clouds and strands. */
    private void vitreous() {
        double radius = chance.between(0.3, 0.5);
        double angle = chance.between(0, Math.PI);
        Point middle = new Point(0.4 * StrictMath.cos(angle) * chance.sign(), 0.15 + 0.35 * StrictMath.sin(angle));
        sites.take(new Lesion(LesionKind.VITREOUS_HAEMORRHAGE, middle, radius));
        double strength = chance.between(1.3, 2.2);
        canvas.lesion(LesionKind.VITREOUS_HAEMORRHAGE, canvas.blood, middle, 2 * radius, (x, y) -> {
            double dx = x - middle.x();
            double dy = y - middle.y();
            double near = Retina.bell((dx * dx + dy * dy) / (radius * radius) * 2);
            double cloud = 0.5 + noise.fractal(x * 2.6 + 3, y * 2.6 + noise.at(x * 3, y * 3), 4);
            return strength * near * Retina.ramp(0.25, 0.95, cloud);
        });
    }
}
