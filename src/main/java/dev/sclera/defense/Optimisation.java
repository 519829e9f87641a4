package dev.sclera.defense;

import static java.util.Objects.requireNonNull;

import dev.sclera.gradient.Optimiser;
import dev.sclera.problem.InvalidValueException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How weights follow their gradients.
 *
 * @param epochs how often each training image is used, 1 to 1000
 * @param batch images per step, 1 to 4096
 * @param algorithm the optimiser
 * @param learningRate the largest one, above 0 and at most 100
 * @param schedule how the learning rate goes on after the warm-up
 * @param warmUp for how many epochs, whole or not, the learning rate rises in a line from 0; 0 to all of them
 * @param momentum of SGD, 0 to below 1; not used by AdamW
 * @param weightDecay 0 to 1; of AdamW decoupled from the gradient
 * @param classWeights how much the images of each grade count
 */
public record Optimisation(
        int epochs,
        int batch,
        Algorithm algorithm,
        double learningRate,
        Schedule schedule,
        double warmUp,
        double momentum,
        double weightDecay,
        ClassWeights classWeights) {

    /** Five epochs of AdamW with a cosine, batches of 16. */
    public static final Optimisation DEFAULT =
            new Optimisation(5, 16, Algorithm.ADAMW, 1e-4, Schedule.COSINE, 0.5, 0.9, 1e-4, ClassWeights.NONE);

    /** Of Adam, as PyTorch has it. */
    private static final Optimiser.AdamW ADAM = new Optimiser.AdamW(0.9, 0.999, 1e-8, 0);

    public Optimisation {
        requireNonNull(algorithm, "algorithm is null");
        requireNonNull(schedule, "schedule is null");
        requireNonNull(classWeights, "classWeights is null");
    }

    /** Optimisers. */
    public enum Algorithm {
        /** Stochastic gradient descent with momentum. */
        SGD,
        /** Adam with decoupled weight decay (Loshchilov and Hutter 2019), with PyTorch's betas and epsilon. */
        ADAMW
    }

    /** How a learning rate goes on after the warm-up. */
    public enum Schedule {
        /** It stays. */
        CONSTANT,
        /** It falls to 0 along half a cosine (Loshchilov and Hutter 2017, <i>SGDR</i>, without restarts). */
        COSINE
    }

    /** How much the images of each grade count. */
    public enum ClassWeights {
        /** Every image the same. */
        NONE,
        /** Half-way: in proportion to the square root of what {@link #BALANCED} gives; an image weighs 1 on average. */
        ROOT,
        /** Every grade the same in sum: {@code images / (grades · images of the grade)}. */
        BALANCED;

        /** By what an image's weight is divided, where there are so many images of its grade. */
        private double divisor(long images) {
            return switch (this) {
                case NONE -> 1;
                case ROOT -> Math.sqrt(images);
                case BALANCED -> images;
            };
        }
    }

    /** The same for other epochs, at another learning rate. */
    public Optimisation during(int otherEpochs, double otherRate) {
        return new Optimisation(
                otherEpochs,
                batch,
                algorithm,
                otherRate,
                schedule,
                Math.min(otherEpochs, warmUp),
                momentum,
                weightDecay,
                classWeights);
    }

    void check() {
        Allowed.count("optimisation.epochs", epochs, 1, 1000);
        Allowed.count("optimisation.batch", batch, 1, 4096);
        if (!(learningRate > 0 && learningRate <= 100)) {
            throw new InvalidValueException("optimisation.learningRate", learningRate, "above 0 and at most 100");
        }
        Allowed.range("optimisation.warmUp", warmUp, 0, epochs);
        if (!(momentum >= 0 && momentum < 1)) {
            throw new InvalidValueException("optimisation.momentum", momentum, "0 to below 1");
        }
        Allowed.share("optimisation.weightDecay", weightDecay);
    }

    Optimiser optimiser() {
        return algorithm == Algorithm.SGD
                ? new Optimiser.Sgd(momentum, weightDecay, false)
                : new Optimiser.AdamW(ADAM.beta1(), ADAM.beta2(), ADAM.epsilon(), weightDecay);
    }

    /**
     * The learning rate of a step.
     *
     * @param step how many steps were made before, over all epochs
     * @param stepsPerEpoch how many an epoch has
     */
    double rate(long step, int stepsPerEpoch) {
        double warm = warmUp * stepsPerEpoch;
        if (step < warm) {
            // the first step moves a little, the last one of the warm-up as much as those that follow
            return learningRate * Math.min(1, (step + 1) / warm);
        }
        if (schedule == Schedule.CONSTANT) {
            return learningRate;
        }
        double left = (double) epochs * stepsPerEpoch - warm;
        return learningRate * (1 + Math.cos(Math.PI * (step - warm) / left)) / 2;
    }

    /** By grade, how much each of its images counts in the loss. */
    double[] gradeWeights(List<Example> training, int grades) {
        double[] weights = new double[grades];
        if (classWeights == ClassWeights.NONE) {
            Arrays.fill(weights, 1);
            return weights;
        }
        long[] counts = new long[grades];
        training.forEach(example -> counts[example.grade()]++);
        double sum = 0;
        for (long count : counts) {
            sum += count == 0 ? 0 : count / classWeights.divisor(count);
        }
        for (int grade = 0; grade < grades; grade++) {
            weights[grade] = counts[grade] == 0 ? 0 : training.size() / (sum * classWeights.divisor(counts[grade]));
        }
        return weights;
    }

    Map<String, Object> parameters() {
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("epochs", epochs);
        parameters.put("batch", batch);
        parameters.put("algorithm", algorithm.name());
        parameters.put("learningRate", learningRate);
        parameters.put("schedule", schedule.name());
        parameters.put("warmUp", warmUp);
        if (algorithm == Algorithm.SGD) {
            parameters.put("momentum", momentum);
        }
        parameters.put("weightDecay", weightDecay);
        parameters.put("classWeights", classWeights.name());
        return parameters;
    }
}
