package dev.sclera.defense;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sclera.problem.InvalidValueException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How clean and perturbed images are mixed.
 *
 * @param share of the images of a batch, how many are perturbed, 0 to 1; with a consistency above 0 each image comes
 *     clean and perturbed, and this is how much of the cross-entropy is that of the perturbed one
 * @param randomSign whether δ or −δ is added, by the toss of a coin per image
 * @param leastScale per image δ is scaled by a factor drawn evenly from this to 1; from 0 to 1, and 1 leaves δ as it is
 * @param shift per image δ is moved around by up to so many pixels in each direction, what leaves on one side coming
 *     back on the other; 0 to 512, and less than the images' sides
 * @param consistency how much the divergence of the answers to an image, clean and perturbed, weighs (TRADES); 0 to
 *     100, 0 for none
 * @param pursuit two pursue the grader from each δ while that learns to withstand them (universal adversarial training,
 *     Shafahi et al. 2020, algorithm 3): after each step the one whose turn it was climbs the slope of the step's loss
 *     by this much of its epsilon, and is brought back within it; where δ is crafted anew too, every second step is
 *     with those that there are. 0 to 1, and 0 for nothing that pursues
 * @param restartEvery after every how many epochs a δ that pursues begins anew from nothing; 0 to 1000, 0 for never
 */
public record Mix(
        double share,
        boolean randomSign,
        double leastScale,
        int shift,
        double consistency,
        double pursuit,
        int restartEvery) {

    /** Where it is not said. */
    public static final int DEFAULT_RESTART_EVERY = 2;

    /** Half of the images perturbed, δ as it is. */
    public static final Mix DEFAULT = of(0.5, false, 1, 0);

    /** A mix with neither consistency nor pursuit. */
    public static Mix of(double share, boolean randomSign, double leastScale, int shift) {
        return new Mix(share, randomSign, leastScale, shift, 0, 0, DEFAULT_RESTART_EVERY);
    }

    /** The same, with perturbations that pursue the grader. */
    public Mix pursuing(double pace) {
        return new Mix(share, randomSign, leastScale, shift, consistency, pace, restartEvery);
    }

    /** Reads one; those that were written before there was a pursuit say nothing of it. */
    @JsonCreator
    static Mix read(
            @JsonProperty("share") double share,
            @JsonProperty("randomSign") boolean randomSign,
            @JsonProperty("leastScale") double leastScale,
            @JsonProperty("shift") int shift,
            @JsonProperty("consistency") double consistency,
            @JsonProperty("pursuit") @Nullable Double pursuit,
            @JsonProperty("restartEvery") @Nullable Integer restartEvery) {
        return new Mix(
                share,
                randomSign,
                leastScale,
                shift,
                consistency,
                pursuit == null ? 0 : pursuit,
                restartEvery == null ? DEFAULT_RESTART_EVERY : restartEvery);
    }

    void check() {
        Allowed.share("mix.share", share);
        Allowed.range("mix.leastScale", leastScale, 0, 1);
        Allowed.count("mix.shift", shift, 0, 512);
        Allowed.range("mix.consistency", consistency, 0, 100);
        Allowed.range("mix.pursuit", pursuit, 0, 1);
        Allowed.count("mix.restartEvery", restartEvery, 0, 1000);
    }

    /**
     * Refuses what would be passed over in silence.
     *
     * @param said the names of the fields that somebody has set
     * @throws InvalidValueException where a restart is set, and nothing pursues
     */
    public void checkSaid(Set<String> said) {
        if (said.contains("restartEvery") && !pursues()) {
            throw new InvalidValueException(
                    "mix.restartEvery", restartEvery, "none where mix.pursuit is 0, for nothing pursues then");
        }
    }

    /** Whether δ changes while the grader is trained on it. */
    boolean pursues() {
        return pursuit > 0;
    }

    /** How many pursue from each perturbation; 0 where it stays as it is. */
    public int pursuers() {
        return pursues() ? Pursuit.FROM_EACH : 0;
    }

    Map<String, Object> parameters() {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("share", share);
        parameters.put("randomSign", randomSign);
        parameters.put("leastScale", leastScale);
        parameters.put("shift", shift);
        parameters.put("consistency", consistency);
        if (pursues()) {
            // left out where they do nothing, so that the same training has the same recipe
            parameters.put("pursuit", pursuit);
            parameters.put("pursuers", pursuers());
            parameters.put("restartEvery", restartEvery);
        }
        return parameters;
    }
}
