package dev.sclera.dataset.synthetic;

/** The four quarters of a fundus, divided by a horizontal and a vertical line through the fovea. */
public enum Quadrant {
    /** Above, towards the temple. */
    SUPERIOR_TEMPORAL,
    /** Above, towards the nose. */
    SUPERIOR_NASAL,
    /** Below, towards the temple. */
    INFERIOR_TEMPORAL,
    /** Below, towards the nose. */
    INFERIOR_NASAL;

    /** Where a place lies. */
    public static Quadrant of(Point place, Point fovea, Side side) {
        boolean superior = place.y() < fovea.y();
        boolean temporal = (place.x() - fovea.x()) * side.temporal() > 0;
        if (superior) {
            return temporal ? SUPERIOR_TEMPORAL : SUPERIOR_NASAL;
        }
        return temporal ? INFERIOR_TEMPORAL : INFERIOR_NASAL;
    }
}
