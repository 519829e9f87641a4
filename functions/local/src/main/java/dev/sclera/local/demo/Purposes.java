package dev.sclera.local.demo;

import static java.util.Objects.requireNonNull;

import dev.sclera.progress.Progress;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Tells, before the first task of each kind, why it is done. */
final class Purposes implements Progress {

    /** By the word that says what a task does. */
    private static final Map<String, String> WHY = Map.of(
            "drawing",
            "Photographs of nobody's eyes, with the lesions that each grade asks for: data to train and test on.",
            "training",
            "Two small graders of different build, from nothing: something to attack.",
            "crafting",
            "One faint pattern per attack and grader that, added to every photograph, changes as many grades as it can;"
                    + " it is made on the training photographs alone.",
            "perturbing",
            "The test photographs with each pattern added, as 8-bit pictures: what a grader would be sent.",
            "grading",
            "How good the grades are on photographs that no grader and no attack has seen: clean, under random noise as"
                    + " strong as the attacks (the control), and attacked.",
            "fine-tuning",
            "Each grader learns to withstand one attack; the others stay unseen, to find out whether it learnt more than"
                    + " that one pattern. Then it is attacked anew, for an attacker adapts too.",
            "reporting",
            "All figures with their confidence intervals, and tests of what may be chance.");

    private final Progress shown;
    private final Consumer<String> reader;
    private final Set<String> told = new HashSet<>();

    /** @param reader who is told, a line at a time */
    Purposes(Progress shown, Consumer<String> reader) {
        this.shown = requireNonNull(shown, "shown is null");
        this.reader = requireNonNull(reader, "reader is null");
    }

    @Override
    public Task start(String name, long total) {
        // behind the number of a campaign's step
        Stream.of(name.split(" "))
                .limit(2)
                .filter(WHY::containsKey)
                .filter(told::add)
                .map(WHY::get)
                .forEach(reader);
        return shown.start(name, total);
    }
}
