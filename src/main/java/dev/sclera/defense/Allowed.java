package dev.sclera.defense;

import dev.sclera.problem.InvalidValueException;

/** Checks of a specification's figures. */
final class Allowed {

    private Allowed() {}

    static void share(String field, double value) {
        range(field, value, 0, 1);
    }

    static void range(String field, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new InvalidValueException(field, value, least + " to " + most);
        }
    }

    static void count(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidValueException(field, value, least + " to " + most);
        }
    }
}
