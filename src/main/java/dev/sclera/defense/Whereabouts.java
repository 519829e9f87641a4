package dev.sclera.defense;

/** What the target of a job that was sent off tells of it. */
public enum Whereabouts {

    /** It waits there, or runs, or is about to be started again. */
    THERE,

    /** It has ended, well or not, or never was there. */
    GONE,

    /** Nobody can tell. */
    UNKNOWN
}
