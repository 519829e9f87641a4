package dev.sclera.dataset.synthetic;

/** Which vessel runs where, coarsely: vessels of one kind do not cross. */
final class Occupancy {

    private static final int SIDE = 120;

    private final int[] owners = new int[SIDE * SIDE];

    /** Whether a vessel other than these two runs at a place. Owners count from 1. */
    boolean taken(Point place, int owner, int parent) {
        int there = owners[index(place)];
        return there != 0 && there != owner && there != parent;
    }

    void take(Point place, int owner) {
        int index = index(place);
        if (owners[index] == 0) {
            owners[index] = owner;
        }
    }

    private static int index(Point place) {
        return cell(place.y()) * SIDE + cell(place.x());
    }

    private static int cell(double place) {
        return Math.max(0, Math.min(SIDE - 1, (int) ((place + 1.1) / 2.2 * SIDE)));
    }
}
