package dev.sclera.dataset.synthetic;

import java.util.SplittableRandom;

/** Smooth random functions of the plane, the same on every machine: value noise on a lattice that repeats at 64. */
final class Noise {

    private static final int SIDE = 64;
    private static final int MASK = SIDE - 1;

    private final float[] lattice = new float[SIDE * SIDE];

    Noise(SplittableRandom random) {
        for (int i = 0; i < lattice.length; i++) {
            lattice[i] = (float) (2 * random.nextDouble() - 1);
        }
    }

    /** A value between −1 and 1 that changes smoothly over a distance of 1. */
    float at(double x, double y) {
        double floorX = Math.floor(x);
        double floorY = Math.floor(y);
        int left = (int) floorX & MASK;
        int top = ((int) floorY & MASK) * SIDE;
        int right = (left + 1) & MASK;
        int bottom = (top + SIDE) & (SIDE * SIDE - 1);
        float u = smooth((float) (x - floorX));
        float v = smooth((float) (y - floorY));
        float above = lattice[top + left] + u * (lattice[top + right] - lattice[top + left]);
        float below = lattice[bottom + left] + u * (lattice[bottom + right] - lattice[bottom + left]);
        return above + v * (below - above);
    }

    /** Octaves of it, each twice as fine, half as strong, and turned so that no axis shows. */
    float fractal(double x, double y, int octaves) {
        float sum = 0;
        float weight = 0.5f;
        double u = x;
        double v = y;
        for (int octave = 0; octave < octaves; octave++) {
            sum += weight * at(u, v);
            double turned = 1.6 * u - 1.2 * v + 17.3;
            v = 1.2 * u + 1.6 * v + 5.7;
            u = turned;
            weight /= 2;
        }
        return sum;
    }

    private static float smooth(float t) {
        return t * t * (3 - 2 * t);
    }
}
