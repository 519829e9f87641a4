package dev.sclera.attack;

import java.util.List;

/** The attacks there are, by name. */
public final class Attacks {

    private Attacks() {}

    /** The names of all attacks, sorted: what {@link CraftSpec#attack()} allows. */
    public static List<String> names() {
        throw new UnsupportedOperationException();
    }
}
