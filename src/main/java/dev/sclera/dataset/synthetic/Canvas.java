package dev.sclera.dataset.synthetic;

import java.util.Arrays;

/** What lies on the retina: layers of what absorbs or hides, and the labels of lesions. */
final class Canvas {

    /** From which strength on a lesion is there. */
    private static final float VISIBLE = 0.4f;

    /** Depth of blood in vessels. */
    final Layer vessels;

    /** Depth of blood in lesions. */
    final Layer blood;

    /** How much yellow lipid covers, 0 to 1. */
    final Layer lipid;

    /** How much white cotton wool covers, 0 to 1. */
    final Layer wool;

    private final byte[] labels;
    private final int side;

    Canvas(int side) {
        this.side = side;
        vessels = new Layer(side);
        blood = new Layer(side);
        lipid = new Layer(side);
        wool = new Layer(side);
        labels = new byte[side * side];
    }

    int side() {
        return side;
    }

    /** Draws a lesion into a layer, and its label where it is visible. */
    void lesion(LesionKind kind, Layer layer, Point middle, double reach, Layer.Shape shape) {
        layer.draw(middle.x() - reach, middle.y() - reach, middle.x() + reach, middle.y() + reach, (x, y) -> {
            double value = shape.at(x, y);
            if (value > VISIBLE) {
                label(kind, x, y);
            }
            return value;
        });
    }

    void label(LesionKind kind, double x, double y) {
        int row = (int) Math.floor((y + 1) * side / 2);
        int column = (int) Math.floor((x + 1) * side / 2);
        if (row >= 0 && column >= 0 && row < side && column < side) {
            labels[row * side + column] = (byte) kind.label();
        }
    }

    /** The labels at a size that the side is a multiple of: a pixel has that of most of its parts, if they are many. */
    byte[] labels(int size) {
        int factor = side / size;
        byte[] reduced = new byte[size * size];
        int[] counts = new int[LesionKind.values().length + 1];
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                Arrays.fill(counts, 0);
                for (int y = 0; y < factor; y++) {
                    int from = (row * factor + y) * side + column * factor;
                    for (int x = 0; x < factor; x++) {
                        counts[labels[from + x]]++;
                    }
                }
                if (counts[0] < factor * factor) {
                    reduced[row * size + column] = most(counts, factor * factor);
                }
            }
        }
        return reduced;
    }

    private static byte most(int[] counts, int parts) {
        int most = 1;
        for (int kind = 2; kind < counts.length; kind++) {
            most = counts[kind] > counts[most] ? kind : most;
        }
        return (byte) (3 * counts[most] >= parts ? most : 0);
    }
}
