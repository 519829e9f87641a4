package dev.sclera.campaign;

import static java.util.Objects.requireNonNull;

import dev.sclera.ascent.Norm;
import dev.sclera.attack.Attacks;
import dev.sclera.attack.CraftSettings;
import dev.sclera.attack.CraftSpec;
import dev.sclera.attack.Crafting;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Perturbations;
import dev.sclera.defense.Recrafting;
import dev.sclera.evaluation.Grading;
import dev.sclera.model.Models;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.Progress;
import dev.sclera.progress.WorkInterruptedException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectStore;
import dev.sclera.store.Recipe;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Crafts a perturbation anew by its own attack, with its recipe's parameters, against the grader under repair alone;
 * the seed goes up with the epoch, so that what is random differs. Nothing of it is left in the store.
 *
 * <p>It takes one pass over the training images at most, as the next follows soon; an attack that sees answers alone
 * has little to go by then, and what it crafts harms less than what it crafted at first. A limit of time is left out:
 * what comes of it depends on the machine, and a job that was cut off has to end with the same model. So is a fooling
 * rate to stop at: what judges an epoch should be as strong as the budget allows. Where δ was crafted against several
 * graders, one grader's share of the budget is spent.
 */
@Singleton
public class Recrafts implements Recrafting {

    private static final Logger LOG = LoggerFactory.getLogger(Recrafts.class);

    private final ObjectStore objects;
    private final Models graders;
    private final Progress progress;

    @Inject
    public Recrafts(ObjectStore objects, Models graders, Progress progress) {
        this.objects = requireNonNull(objects, "objects is null");
        this.graders = requireNonNull(graders, "graders is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /**
     * Refuses what no attack here can craft anew. Of a version that is no longer at hand is such, too: the repair's
     * recipe knows the attack by the perturbation's alone, and would name what another version makes of it the same.
     *
     * @throws InvalidValueException where a perturbation was crafted elsewhere, or by another version of its attack
     */
    public static void requireKnown(Perturbation perturbation) {
        String attack = perturbation.attack();
        String which =
                "with the perturbation %s of \"%s\"".formatted(perturbation.id().substring(0, 8), attack);
        if (perturbation.imported() || !Attacks.names().contains(attack)) {
            throw new InvalidValueException(
                    "recraftEvery",
                    which,
                    "0, or perturbations crafted here, by one of " + String.join(", ", Attacks.names()));
        }
        Number version = number(perturbation.recipe().parameters(), "version");
        if (version == null || version.intValue() != Attacks.version(attack)) {
            throw new InvalidValueException(
                    "recraftEvery",
                    "%s version %s".formatted(which, version),
                    "0, or perturbations of its version %d, as this Sclera crafts them; craft it again"
                            .formatted(Attacks.version(attack)));
        }
    }

    @Override
    public Delta craft(Request request, Runnable alive) {
        requireKnown(request.perturbation());
        ObjectStore overlaid = new OverlaidStore(objects);
        String model = request.model().name();
        overlaid.put(Keys.model(model), request.onnx(), "application/octet-stream");
        Artifacts artifacts = new Artifacts(overlaid);
        Models models = graders.of(artifacts);
        Datasets datasets = new Datasets(artifacts);
        Perturbations perturbations = new Perturbations(artifacts);
        Grading grading = new Grading(artifacts, models, datasets, perturbations);
        Perturbation crafted = new Crafting(artifacts, models, datasets, perturbations, grading)
                .craft(
                        new CraftSpec(
                                request.perturbation().attack(),
                                List.of(model),
                                request.dataset().name(),
                                settings(
                                        request.perturbation(),
                                        request.dataset().images(),
                                        request.epoch())),
                        shown(alive));
        return perturbations.read(crafted);
    }

    /**
     * Shows the crafting, and says that the work goes on; which is not interrupted here, but between the job's steps.
     */
    private Progress shown(Runnable alive) {
        return (name, total) -> {
            Progress.Task task = progress.start(name, total);
            return task.advancing(units -> {
                try {
                    task.advance(units);
                } catch (HeldElsewhereException e) {
                    throw e;
                } catch (WorkInterruptedException e) {
                    // the job is told so too at its next step, and saves itself before it ends
                    LOG.debug("Crafting goes on until the epoch has ended", e);
                }
                alive.run();
            });
        };
    }

    /**
     * How many evaluations it takes.
     *
     * @param usual how many the perturbation took against one grader
     * @param images to train on
     */
    static long evaluations(long usual, long images) {
        return Math.max(1, Math.min(usual, images));
    }

    private static CraftSettings settings(Perturbation perturbation, long images, int epoch) {
        Map<String, Object> parameters = perturbation.recipe().parameters();
        Number budget = number(parameters, "budget");
        Number batch = number(parameters, "batch");
        Number step = number(parameters, "step");
        return new CraftSettings(
                Norm.of(perturbation.norm()),
                perturbation.epsilon(),
                perturbation.target(),
                null,
                evaluations(
                        budget == null
                                ? images
                                : budget.longValue()
                                        / Math.max(1, perturbation.models().size()),
                        images),
                null,
                null,
                batch == null ? null : (Integer) batch.intValue(),
                step == null ? null : (Double) step.doubleValue(),
                augment(parameters),
                options(parameters),
                seed(number(parameters, "seed"), epoch));
    }

    private static @Nullable Number number(Map<String, Object> parameters, String name) {
        return (Number) parameters.get(name);
    }

    private static Set<String> augment(Map<String, Object> parameters) {
        Set<String> augment = new HashSet<>();
        if (parameters.get("augment") instanceof List<?> said) {
            said.forEach(name -> augment.add(name.toString()));
        }
        return augment;
    }

    private static Map<String, String> options(Map<String, Object> parameters) {
        Map<String, String> options = new TreeMap<>();
        if (parameters.get("options") instanceof Map<?, ?> said) {
            said.forEach((name, value) -> options.put(name.toString(), value.toString()));
        }
        return options;
    }

    /** Within what JSON holds exactly. */
    private static long seed(@Nullable Number said, int epoch) {
        long moved = (said == null ? 0 : said.longValue()) + epoch;
        return moved > Recipe.LARGEST_WHOLE ? moved - Recipe.LARGEST_WHOLE : moved;
    }
}
