package dev.sclera.evaluation;

import static java.util.Objects.requireNonNull;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbation;
import dev.sclera.model.Model;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Computes and publishes evaluations; grades what is not graded yet. */
@Singleton
public class Evaluating {

    private final Artifacts artifacts;
    private final Grading grading;

    @Inject
    public Evaluating(Artifacts artifacts, Grading grading) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.grading = requireNonNull(grading, "grading is null");
    }

    /** The evaluation of a model on a dataset, clean or perturbed. */
    public Evaluation evaluate(Model model, Dataset dataset, @Nullable Perturbation perturbation, Progress progress) {
        throw new UnsupportedOperationException(artifacts.toString() + grading);
    }
}
