package dev.sclera.dataset.synthetic;

import java.util.List;

/**
 * One vessel, from one division to where it ends.
 *
 * @param vein whether it is a vein, else an artery
 * @param main whether it leaves the disc itself
 * @param places its course, away from the heart's side
 * @param radii its radius at each place, in the units of {@link Point}
 */
record Vessel(boolean vein, boolean main, List<Point> places, List<Double> radii) {

    Vessel {
        places = List.copyOf(places);
        radii = List.copyOf(radii);
    }

    double length() {
        double length = 0;
        for (int i = 1; i < places.size(); i++) {
            length += places.get(i).distance(places.get(i - 1));
        }
        return length;
    }
}
