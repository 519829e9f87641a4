package dev.sclera.attack;

import dev.sclera.model.PixelView;
import dev.sclera.problem.InvalidValueException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The augmentations there are, by name. */
public final class Augmentations {

    private static final List<String> NAMES = List.of("diversity", "translation");

    private Augmentations() {}

    /** The names of all augmentations, sorted: what {@link CraftSettings#augment()} allows. */
    public static List<String> names() {
        return NAMES;
    }

    static void check(Collection<String> names) {
        for (String name : names) {
            if (!NAMES.contains(name)) {
                throw new InvalidValueException("augment", name, String.join(", ", NAMES));
            }
        }
    }

    /**
     * The augmentations of these names, one after the other.
     *
     * @param seed of everything random
     */
    static Augmentation of(Collection<String> names, int height, int width, long seed) {
        List<Augmentation> chosen = new ArrayList<>();
        if (names.contains("diversity")) {
            chosen.add(new InputDiversity(height, width, seed));
        }
        if (names.contains("translation")) {
            chosen.add(new TranslationSmoothing(height, width));
        }
        return chosen.isEmpty() ? Augmentation.none() : new Chain(chosen);
    }

    private record Chain(List<Augmentation> parts) implements Augmentation {

        @Override
        public List<PixelView> views(Batch batch, long moment) {
            // at most one of them shows views of its own
            return parts.stream()
                    .map(part -> part.views(batch, moment))
                    .filter(views -> !views.isEmpty())
                    .findFirst()
                    .orElse(List.of());
        }

        @Override
        public float[] smooth(float[] slope) {
            float[] smoothed = slope;
            for (Augmentation part : parts) {
                smoothed = part.smooth(smoothed);
            }
            return smoothed;
        }
    }
}
