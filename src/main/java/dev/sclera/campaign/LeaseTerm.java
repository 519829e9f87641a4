package dev.sclera.campaign;

import java.time.Duration;

/**
 * For how long whoever does a step of a campaign is believed to be at it without a word. A process that will be ended
 * at a known time has until then; others say that they are still at it.
 */
@FunctionalInterface
public interface LeaseTerm {

    /** Counted from now; more than 0. */
    Duration term();
}
