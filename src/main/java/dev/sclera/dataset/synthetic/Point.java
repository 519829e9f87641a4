package dev.sclera.dataset.synthetic;

/**
 * A place in a photograph.
 *
 * @param x −1 at the left edge to 1 at the right edge
 * @param y −1 at the top to 1 at the bottom
 */
public record Point(double x, double y) {

    /** How far it is to another. */
    public double distance(Point other) {
        return Math.sqrt((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y));
    }

    Point plus(double dx, double dy) {
        return new Point(x + dx, y + dy);
    }
}
