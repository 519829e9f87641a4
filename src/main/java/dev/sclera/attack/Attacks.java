package dev.sclera.attack;

import dev.sclera.problem.InvalidValueException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The attacks there are, by name. A new one is a class of its own and a line here. */
public final class Attacks {

    private static final List<Attack> ALL = List.of(new ProjectedGradient(), new RandomNoise());

    private Attacks() {}

    /** The names of all attacks, sorted: what {@link CraftSpec#attack()} allows. */
    public static List<String> names() {
        return ALL.stream().map(Attack::name).sorted().toList();
    }

    /** One sentence about each attack, by name. */
    public static Map<String, String> summaries() {
        Map<String, String> summaries = new TreeMap<>();
        ALL.forEach(attack -> summaries.put(attack.name(), attack.summary()));
        return summaries;
    }

    /**
     * Whether an attack is a control: noise that asks no model anything.
     *
     * @throws InvalidValueException where there is no such attack
     */
    public static boolean control(String name) {
        return named(name).control();
    }

    static Attack named(String name) {
        return ALL.stream()
                .filter(attack -> attack.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("attack", name, String.join(", ", names())));
    }
}
