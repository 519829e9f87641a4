package dev.sclera.dataset.synthetic;

import java.util.Arrays;

/** One quantity over a square picture, {@code [side,side]}, in which shapes are drawn; the strongest stays. */
final class Layer {

    private final int side;
    private final float[] values;

    Layer(int side) {
        this.side = side;
        values = new float[side * side];
    }

    int side() {
        return side;
    }

    float at(int index) {
        return values[index];
    }

    float at(Point place) {
        int column = column(place.x());
        int row = column(place.y());
        return column < 0 || row < 0 || column >= side || row >= side ? 0 : values[row * side + column];
    }

    /** Where in the picture a pixel's middle is. */
    double place(int pixel) {
        return (2.0 * pixel + 1) / side - 1;
    }

    private int column(double place) {
        return (int) Math.floor((place + 1) * side / 2);
    }

    /** A quantity at a place. */
    interface Shape {
        /** @return the quantity there, 0 outside */
        double at(double x, double y);
    }

    /** Draws a shape within a box. */
    void draw(double left, double top, double right, double bottom, Shape shape) {
        int lastRow = Math.min(side - 1, column(bottom));
        int lastColumn = Math.min(side - 1, column(right));
        for (int row = Math.max(0, column(top)); row <= lastRow; row++) {
            double y = place(row);
            for (int column = Math.max(0, column(left)); column <= lastColumn; column++) {
                float value = (float) shape.at(place(column), y);
                int index = row * side + column;
                if (value > values[index]) {
                    values[index] = value;
                }
            }
        }
    }

    /** Takes the stronger of two layers everywhere. */
    void merge(Layer other) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], other.values[i]);
        }
    }

    void clear() {
        Arrays.fill(values, 0);
    }
}
