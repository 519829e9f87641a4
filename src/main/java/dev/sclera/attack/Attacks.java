package dev.sclera.attack;

import dev.sclera.problem.InvalidValueException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The attacks there are, by name. A new one is a class of its own and a line here. */
public final class Attacks {

    private static final List<Attack> ALL = List.of(
            new AutoAttack(),
            new ProjectedGradient(),
            new DeepFoolUniversal(),
            new IterativeFastGradient(),
            new DominantFeature(),
            new CosineSimilarityAttack(),
            new GradientAggregation(),
            new SingularVector(),
            new OrdinalAttack(),
            new ClinicalAttack(),
            new FastFeatureFool(),
            new GeneralizableDataFree(),
            new PriorDrivenUncertainty(),
            new SimpleBlackBox(),
            new SquareAttack(),
            new ProceduralNoise(),
            new RandomNoise(),
            new UniformNoise(),
            new LowFrequencyNoise());

    private Attacks() {}

    /**
     * An attack as people are told of it.
     *
     * @param name by which it is asked for
     * @param access what it needs
     * @param summary one sentence
     * @param options what can be set of it alone
     */
    public record Description(String name, Access access, String summary, List<Options.Option> options) {}

    /** The names of all attacks, sorted: what {@link CraftSpec#attack()} allows. */
    public static List<String> names() {
        return ALL.stream().map(Attack::name).sorted().toList();
    }

    /** All attacks, by name. */
    public static Map<String, Description> descriptions() {
        return ALL.stream()
                .map(attack -> new Description(
                        attack.name(),
                        attack.access(),
                        attack.summary(),
                        attack.options().declared()))
                .collect(Collectors.toMap(Description::name, Function.identity(), (one, two) -> one, TreeMap::new));
    }

    /**
     * The version of an attack: another one may make another δ of the same settings.
     *
     * @throws InvalidValueException where there is no such attack
     */
    public static int version(String name) {
        return named(name).version();
    }

    /**
     * Whether an attack is a control: noise that asks no model anything.
     *
     * @throws InvalidValueException where there is no such attack
     */
    public static boolean control(String name) {
        return named(name).access() == Access.CONTROL;
    }

    /**
     * Whether an attack looks at images, and so asks first how they are graded.
     *
     * @throws InvalidValueException where there is no such attack
     */
    public static boolean looksAtImages(String name) {
        return named(name).access().looksAtImages();
    }

    /**
     * Those of the named attacks that have the models' gradients on images.
     *
     * @throws InvalidValueException where there is no such attack
     */
    public static List<String> whiteBox(List<String> attacks) {
        return attacks.stream()
                .filter(attack -> named(attack).access() == Access.WHITE_BOX)
                .toList();
    }

    /** The names of the attacks that can aim at a grade. */
    static List<String> targeted() {
        return ALL.stream()
                .filter(Attack::takesTarget)
                .map(Attack::name)
                .sorted()
                .toList();
    }

    static Attack named(String name) {
        return ALL.stream()
                .filter(attack -> attack.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("attack", name, String.join(", ", names())));
    }
}
