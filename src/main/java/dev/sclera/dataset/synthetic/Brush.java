package dev.sclera.dataset.synthetic;

import java.util.List;

/** Draws lines of varying width into layers. */
final class Brush {

    private Brush() {}

    /** How dark a line is across. */
    interface Profile {
        /**
         * The quantity.
         *
         * @param across 0 in the middle to 1 at the edge
         * @param radius the line's, there
         */
        double at(double across, double radius);
    }

    /** Draws a course; thinner than a pixel, it becomes fainter instead. */
    static void stroke(Layer layer, List<Point> places, List<Double> radii, Profile profile) {
        double pixel = 2.0 / layer.side();
        for (int i = 1; i < places.size(); i++) {
            segment(layer, places.get(i - 1), places.get(i), radii.get(i - 1), radii.get(i), pixel, profile);
        }
    }

    private static void segment(
            Layer layer, Point from, Point to, double first, double last, double pixel, Profile profile) {
        double reach = Math.max(first, last) + pixel;
        double dx = to.x() - from.x();
        double dy = to.y() - from.y();
        double squared = Math.max(1e-12, dx * dx + dy * dy);
        layer.draw(
                Math.min(from.x(), to.x()) - reach,
                Math.min(from.y(), to.y()) - reach,
                Math.max(from.x(), to.x()) + reach,
                Math.max(from.y(), to.y()) + reach,
                (x, y) -> {
                    double along = Math.max(0, Math.min(1, ((x - from.x()) * dx + (y - from.y()) * dy) / squared));
                    double ex = x - from.x() - along * dx;
                    double ey = y - from.y() - along * dy;
                    double distance = Math.sqrt(ex * ex + ey * ey);
                    double radius = first + along * (last - first);
                    double drawn = Math.max(radius, 0.75 * pixel);
                    double coverage = Math.max(0, Math.min(1, (drawn - distance) / pixel + 0.5));
                    return coverage * (radius / drawn) * profile.at(Math.min(1, distance / drawn), radius);
                });
    }
}
