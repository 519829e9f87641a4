package dev.sclera.dataset;

import dev.sclera.problem.InvalidValueException;

/**
 * How to divide one folder's images: shares of each grade, and the seed that decides which image goes where. An image's
 * place follows from its pixels and the seed alone, not from its name.
 *
 * @param train share of the training split, 0 to 1; a split with the share 0 is not made
 * @param val share of the validation split, 0 to 1
 * @param test share of the test split, 0 to 1; the three sum to 1
 * @param seed any number
 */
public record Split(double train, double val, double test, long seed) {

    public Split {
        if (!(train >= 0 && val >= 0 && test >= 0 && Math.abs(train + val + test - 1) < 1e-9)) {
            throw new InvalidValueException(
                    "split",
                    "%s/%s/%s".formatted(train, val, test),
                    "three shares train/val/test of at least 0 that sum to 1, for example 0.7/0.1/0.2");
        }
    }
}
