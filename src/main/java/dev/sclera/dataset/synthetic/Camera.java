package dev.sclera.dataset.synthetic;

import org.jspecify.annotations.Nullable;

/**
 * How a photograph was taken; lengths in the units of {@link Point}.
 *
 * @param field radius of the field of view
 * @param cut above and below which height nothing is seen, where the film is lower than the field; at least 1 for a
 *     whole circle
 * @param notch in which direction the edge has a notch, radians; null for none
 * @param softness over which distance the edge fades
 * @param vignette how much darker the edge is, 0 to 1
 * @param spot where the light is brightest
 * @param hotness how much brighter it is there
 * @param haze how bright the haze at the edge is
 * @param hazeFrom from which side the haze comes, radians
 * @param hazeColour its colour
 * @param exposure of the whole
 * @param balance what the film makes of white
 * @param blur the standard deviation of the lens' blur, in 448ths of the picture
 * @param noise the sensor's, of 255
 * @param compression of the file, 0 for none, about 1 for a JPEG of quality 75
 */
record Camera(
        double field,
        double cut,
        @Nullable Double notch,
        double softness,
        double vignette,
        Point spot,
        double hotness,
        double haze,
        double hazeFrom,
        Colour hazeColour,
        double exposure,
        Colour balance,
        double blur,
        double noise,
        double compression) {

    static Camera draw(Chance chance) {
        boolean whole = chance.withProbability(0.65);
        double warm = chance.between(-1, 1);
        double green = chance.between(-1, 1);
        return new Camera(
                whole ? chance.between(0.93, 0.985) : chance.between(0.97, 1.0),
                whole ? 2 : chance.between(0.76, 0.9),
                chance.withProbability(0.45) ? chance.between(-0.95, -0.6) : null,
                chance.withProbability(0.7) ? 0.008 : chance.between(0.015, 0.05),
                chance.between(0.15, 0.62),
                new Point(chance.between(-0.25, 0.25), chance.between(-0.2, 0.2)),
                chance.between(0, 0.3),
                chance.withProbability(0.4) ? chance.between(0.1, 0.5) : 0,
                chance.between(-Math.PI, Math.PI),
                new Colour(0.75, 0.8, 0.55).mixed(new Colour(0.95, 0.75, 0.6), (float) chance.between(0, 1)),
                chance.between(0.72, 1.24),
                new Colour(1 + 0.07 * warm, 1 + 0.05 * green, 1 - 0.17 * warm - 0.05 * green),
                chance.between(0.5, 1.6),
                chance.between(0.8, 3),
                chance.withProbability(0.8) ? chance.between(0.25, 1.1) : 0);
    }

    /** Whether a place is seen, and so far from the edge. */
    boolean shows(Point place, double margin) {
        double r = Math.sqrt(place.x() * place.x() + place.y() * place.y());
        return r < field - margin && Math.abs(place.y()) < cut - margin;
    }

    /** How much of a place's light passes the field's edge, 0 to 1. */
    float aperture(double x, double y, double pixel) {
        double edge = Math.min(field - Math.sqrt(x * x + y * y), cut - Math.abs(y));
        if (notch != null) {
            edge = Math.max(edge, tab(x, y, notch));
        }
        double width = Math.max(pixel, softness);
        return (float) Math.max(0, Math.min(1, edge / width + 0.5));
    }

    /** A small tab beyond the edge, by which photographers tell which way up a picture is. */
    private double tab(double x, double y, double direction) {
        double cosine = StrictMath.cos(direction);
        double sine = StrictMath.sin(direction);
        double along = x * cosine + y * sine;
        double across = Math.abs(y * cosine - x * sine);
        return Math.min(Math.min(0.045 - across, field + 0.03 - along), along - field + 0.1);
    }
}
