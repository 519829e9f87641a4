package dev.sclera.progress;

/**
 * Asks work to end early: the machine is wanted back, or its time is nearly up. What can be saved is saved, and another
 * run goes on from there.
 */
@FunctionalInterface
public interface Interruption {

    /** Of work that nobody wants to end. */
    Interruption NONE = () -> false;

    /** Whether the work is to end; asked after every step. */
    boolean requested();
}
