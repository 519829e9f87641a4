package dev.sclera.dataset.synthetic;

/**
 * An irregular patch.
 *
 * @param at its middle
 * @param length its radius along {@code angle}
 * @param breadth its radius across
 * @param angle in which direction it is long, radians
 * @param ragged how irregular its edge is, 0 to about 0.6
 * @param soft over which share of the radius its edge fades
 * @param strength in its middle
 * @param noise makes the edge
 */
record Blot(
        Point at, double length, double breadth, double angle, double ragged, double soft, double strength, Noise noise)
        implements Layer.Shape {

    static Blot round(Point at, double radius, double ragged, double soft, double strength, Noise noise) {
        return new Blot(at, radius, radius, 0, ragged, soft, strength, noise);
    }

    /** How far it can reach from its middle. */
    double reach() {
        return Math.max(length, breadth) * (1 + ragged + soft);
    }

    @Override
    public double at(double x, double y) {
        double cosine = StrictMath.cos(angle);
        double sine = StrictMath.sin(angle);
        double dx = x - at.x();
        double dy = y - at.y();
        double u = (dx * cosine + dy * sine) / length;
        double v = (dy * cosine - dx * sine) / breadth;
        double edge = Math.sqrt(u * u + v * v);
        if (edge > 1 + ragged + soft) {
            return 0;
        }
        // the noise is asked elsewhere for each patch
        double rough = ragged == 0 ? 0 : ragged * noise.fractal(1.3 * u + 91 * at.x(), 1.3 * v + 77 * at.y(), 2);
        return strength * Retina.ramp(1 + soft, 1 - soft, edge + rough);
    }
}
