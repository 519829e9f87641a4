package dev.sclera.dataset.synthetic;

/** Which eye: in a photograph the optic disc lies on the nasal side, to the right in a right eye. */
public enum Side {
    /** The left eye. */
    LEFT(1),
    /** The right eye. */
    RIGHT(-1);

    private final int temporal;

    Side(int temporal) {
        this.temporal = temporal;
    }

    /** The direction from the optic disc to the macula along a photograph's x axis: 1 or −1. */
    public int temporal() {
        return temporal;
    }
}
