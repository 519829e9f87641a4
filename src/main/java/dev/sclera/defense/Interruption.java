package dev.sclera.defense;

/**
 * Asks a run to end early: the machine is wanted back, say. It saves what it has, and another run goes on from there.
 */
@FunctionalInterface
public interface Interruption {

    /** Of a run that nobody wants to end. */
    Interruption NONE = () -> false;

    /** Whether the run is to end; asked after every step. */
    boolean requested();
}
