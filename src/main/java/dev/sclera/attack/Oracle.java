package dev.sclera.attack;

import dev.sclera.ascent.Ball;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.gradient.FeatureLoss;
import dev.sclera.gradient.Layers;
import dev.sclera.gradient.Loss;
import dev.sclera.model.Feature;
import dev.sclera.model.Grade;
import dev.sclera.model.Grader;
import dev.sclera.model.ImageGradients;
import dev.sclera.model.Meanwhile;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.model.PixelView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers what a run asks of the models under attack, and counts it. Models are loaded when they are first asked, or
 * before that by {@link #openGraders}.
 *
 * <p>One evaluation is one image through one model, forward, or forward and backward. Both count the same, for the
 * run's budget; a gradient counts as a gradient evaluation too.
 */
final class Oracle implements AutoCloseable {

    /** How many losses are kept loaded. */
    private static final int MOST_OPEN = 2;

    private final Models models;
    private final List<Model> members;
    private final CraftingImages images;
    private final Augmentation augmentation;
    private final long allowance;
    private final Map<Object, List<ImageGradients>> gradients;
    private final List<Meanwhile<Grader, RuntimeException>> graders;

    private long evaluations;
    private long gradientEvaluations;

    Oracle(Models models, List<Model> members, CraftingImages images, Augmentation augmentation, long allowance) {
        this.models = models;
        this.members = List.copyOf(members);
        this.images = images;
        this.augmentation = augmentation;
        this.allowance = allowance;
        // in the order of use
        this.gradients = new LinkedHashMap<>(8, 0.75f, true);
        this.graders = new ArrayList<>();
    }

    /**
     * What a batch says of a perturbation.
     *
     * @param loss the sum over the images, the mean over the models
     * @param fooled how many images are graded otherwise than clean, the mean over the models; NaN where the loss is
     *     one of features
     * @param gradient {@code [h,w,3]}, which way an attack moves δ: up a loss that attacks raise, down one that they
     *     lower. Summed over the images; of several models each counts the same, whatever the length of its gradient
     * @param logits by model, {@code [batch][classes]}
     */
    record Slope(double loss, double fooled, float[] gradient, List<float[][]> logits) {}

    /** How many models are under attack. */
    int members() {
        return members.size();
    }

    Model member(int model) {
        return members.get(model);
    }

    Models models() {
        return models;
    }

    /** Evaluations so far. */
    long evaluations() {
        return evaluations;
    }

    /** Gradients so far. */
    long gradientEvaluations() {
        return gradientEvaluations;
    }

    /** How many more evaluations the run may ask for. */
    long left() {
        return Math.max(0, allowance - evaluations);
    }

    /** How much of the allowance is spent, 0 to 1. */
    double progress() {
        return Math.min(1, (double) evaluations / allowance);
    }

    /** Goes on counting where an interrupted run was. */
    void resume(long evaluationsBefore, long gradientsBefore) {
        evaluations = evaluationsBefore;
        gradientEvaluations = gradientsBefore;
    }

    /** As much of a batch as the allowance leaves; at least one image. */
    Batch within(Batch batch) {
        return batch.head((int) Math.max(1, Math.min(batch.size(), left() / Math.max(1, members.size()))));
    }

    /** The slope of a loss over a batch, augmented where the run is. */
    Slope slope(Question question, Batch batch, float[] delta) {
        List<PixelView> views = augmentation.views(batch, evaluations);
        List<ImageGradients> opened = opened(question.loss());
        List<float[][]> logits = new ArrayList<>();
        float[] sum = new float[delta.length];
        double loss = 0;
        double fooled = 0;
        for (int model = 0; model < members.size(); model++) {
            ImageGradients.Result result = opened.get(model)
                    .of(
                            new ImageGradients.Query(
                                    batch.images(),
                                    batch.rows(),
                                    question.labels().apply(model),
                                    question.vectorsOf(model),
                                    views),
                            delta);
            count(batch.size());
            loss += Arrays.stream(result.losses()).sum() / members.size();
            fooled += images.changed(model, batch, result.grades()) / (double) members.size();
            logits.add(result.logits());
            add(sum, result.gradient());
        }
        return new Slope(loss, fooled, directed(sum, question.loss().raisedByAttacks()), logits);
    }

    /**
     * The slope of each image by itself, of one model, never augmented; of the loss as it is, whichever way an attack
     * moves it.
     */
    ImageGradients.EachResult each(int model, Question question, Batch batch, float[] delta) {
        count(batch.size());
        return opened(question.loss())
                .get(model)
                .each(
                        new ImageGradients.Query(
                                batch.images(),
                                batch.rows(),
                                question.labels().apply(model),
                                question.vectorsOf(model),
                                List.of()),
                        delta);
    }

    /**
     * The slope of a loss of features.
     *
     * @param losses per model
     * @param raised whether an attack raises them
     * @param seen the images that δ is added to, by an attack's own choice
     * @param vectors per image what else the losses want; empty where they want nothing
     */
    Slope features(
            Layers layers, List<FeatureLoss> losses, boolean raised, Images seen, float[][] vectors, float[] delta) {
        List<ImageGradients> opened = opened(
                List.of(layers, losses),
                model -> models.featureGradients(
                        members.get(model), layers, losses.get(model), images.height(), images.width()));
        int[] rows = new int[seen.count()];
        Arrays.setAll(rows, i -> i);
        Slope slope = summed(opened, new ImageGradients.Query(seen, rows, new int[0], vectors, List.of()), delta, 1);
        return new Slope(slope.loss(), slope.fooled(), directed(slope.gradient(), raised), List.of());
    }

    /**
     * One of a model's activations for an image {@code [h,w,3]} that is none of the data. Not counted: it is asked when
     * a run starts, and again when it goes on.
     */
    Feature feature(int model, Layers layers, float[] image) {
        return models.feature(members.get(model), layers, images.height(), images.width(), image);
    }

    /**
     * A step of the power method on the Jacobian J of clean images' features: {@code Σ|Jv|^q} in place of a loss,
     * {@code ΣJᵀψ(Jv)} in place of a slope. Two evaluations per image, for there and for back.
     *
     * @param power q
     * @param direction v, {@code [h,w,3]}
     */
    Slope jacobianPower(Layers layers, double power, Batch batch, float[] direction) {
        List<ImageGradients> opened = opened(
                List.of(layers, power),
                model -> models.jacobianPowers(members.get(model), layers, power, images.height(), images.width()));
        float[][] directions = new float[batch.size()][];
        Arrays.fill(directions, direction);
        ImageGradients.Query query =
                new ImageGradients.Query(batch.images(), batch.rows(), new int[0], directions, List.of());
        return summed(opened, query, new float[direction.length], 2);
    }

    /** What features say: the sum of the gradients, and the mean of the losses over the models. */
    private Slope summed(List<ImageGradients> opened, ImageGradients.Query query, float[] delta, int perImage) {
        float[] sum = new float[delta.length];
        double total = 0;
        for (ImageGradients of : opened) {
            ImageGradients.Result result = of.of(query, delta);
            count(perImage * query.rows().length);
            total += Arrays.stream(result.losses()).sum() / members.size();
            add(sum, result.gradient());
        }
        return new Slope(total, Double.NaN, sum, List.of());
    }

    /**
     * What the models answer to images under a perturbation, seen as a user sees them, in 8 bits. By model, per image.
     */
    List<List<Grade>> grades(Images clean, float[] delta) {
        List<List<Grade>> answers = look(clean, delta);
        count(clean.count() * members.size(), 0);
        return answers;
    }

    /** The same, not counted: for what is no part of how δ is made. */
    List<List<Grade>> look(Images clean, float[] delta) {
        Images seen = new Delta(clean.height(), clean.width(), delta).applyTo(clean);
        openGraders();
        List<List<Grade>> answers = new ArrayList<>();
        for (Meanwhile<Grader, RuntimeException> grader : graders) {
            answers.add(grader.result().grade(seen, graded -> {}));
        }
        return answers;
    }

    /** Begins to load what {@link #look} asks, for a run that is going to: that takes a while. */
    void openGraders() {
        while (graders.size() < members.size()) {
            Model member = members.get(graders.size());
            graders.add(Meanwhile.of(() -> models.grader(member, images.height(), images.width())));
        }
    }

    private void count(int gradientsOfImages) {
        count(gradientsOfImages, gradientsOfImages);
    }

    private void count(int ofImages, int gradientsOfThem) {
        evaluations += ofImages;
        gradientEvaluations += gradientsOfThem;
    }

    private float[] directed(float[] sum, boolean raised) {
        if (!raised) {
            Ball.scale(sum, -1);
        }
        return augmentation.smooth(sum);
    }

    /** Adds a model's gradient; where there are several models, in units of its own mean magnitude. */
    void add(float[] sum, float[] gradient) {
        double magnitude = 0;
        if (members.size() > 1) {
            for (float value : gradient) {
                magnitude += Math.abs(value);
            }
            if (magnitude == 0) {
                return;
            }
        }
        float weight = members.size() > 1 ? (float) (gradient.length / magnitude) : 1f;
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * gradient[i];
        }
    }

    private List<ImageGradients> opened(Loss loss) {
        return opened(loss, model -> models.gradients(members.get(model), loss, images.height(), images.width()));
    }

    private interface Opening {
        ImageGradients open(int model);
    }

    private List<ImageGradients> opened(Object what, Opening opening) {
        List<ImageGradients> there = gradients.get(what);
        if (there == null) {
            // graphs take memory, and an attack that goes on to another loss seldom comes back
            while (gradients.size() >= MOST_OPEN) {
                Object eldest = gradients.keySet().iterator().next();
                gradients.remove(eldest).forEach(ImageGradients::close);
            }
            there = new ArrayList<>();
            gradients.put(what, there);
            for (int model = 0; model < members.size(); model++) {
                there.add(opening.open(model));
            }
        }
        return there;
    }

    @Override
    public void close() {
        gradients.values().forEach(opened -> opened.forEach(ImageGradients::close));
        gradients.clear();
        graders.forEach(grader -> grader.dispose(Grader::close));
        graders.clear();
    }
}
