package dev.sclera.defense;

import dev.sclera.ascent.Ball;
import dev.sclera.ascent.Climber;
import dev.sclera.ascent.Norm;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;

/**
 * A perturbation that pursues a grader, as it is at one moment.
 *
 * @param delta where it is
 * @param average of the slopes that it has followed; of as many values, not to be written to
 */
record Pursuer(Delta delta, float[] average) {

    /** One that is about to set out. */
    static Pursuer from(Delta start) {
        return new Pursuer(start, new float[start.values().length]);
    }

    /**
     * One that goes on from here.
     *
     * @param bounds says the norm and the epsilon that it stays within
     */
    Climber climber(Perturbation bounds) {
        Ball ball = new Ball(Norm.of(bounds.norm()), bounds.epsilon());
        return new Climber(ball, Climber.MOMENTUM, delta.values().clone(), average.clone());
    }
}
