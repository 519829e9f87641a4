package dev.sclera.local.command;

import dev.sclera.defense.Averaging;
import dev.sclera.defense.Optimisation;
import dev.sclera.functions.finetune.FinetuneRequest;
import dev.sclera.gradient.TrainedLayers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a grader is repaired. What is not said takes the function's default. */
final class FinetuneOptions {

    @Option(names = "--model", description = "The name of the grader to repair. Required.")
    private @Nullable String model;

    @Option(names = "--dataset", description = "The name of the dataset to train on; no test split. Required.")
    private @Nullable String dataset;

    @Option(
            names = "--perturbation",
            split = ",",
            paramLabel = "ID",
            description = "The perturbations to train on, as craft prints their ids; first digits suffice. Required.")
    private @Nullable List<String> perturbations;

    @Option(
            names = "--validation",
            description = "The name of the dataset to choose the best epoch by. Default: a share is held out.")
    private @Nullable String validation;

    @Option(names = "--validation-share", description = "That share, above 0 to 0.5. Default: 0.15.")
    private @Nullable Double validationShare;

    @Option(names = "--epochs", description = "How often each image is used, 1 to 1000. Default: 5.")
    private @Nullable Integer epochs;

    @Option(names = "--batch", description = "Images per step, 1 to 4096. Default: 16.")
    private @Nullable Integer batch;

    @Option(names = "--learning-rate", description = "The largest one. Default: 1e-4.")
    private @Nullable Double learningRate;

    @Option(names = "--optimiser", description = "${COMPLETION-CANDIDATES}. Default: adamw.")
    private Optimisation.@Nullable Algorithm algorithm;

    @Option(names = "--schedule", description = "Of the learning rate: ${COMPLETION-CANDIDATES}. Default: cosine.")
    private Optimisation.@Nullable Schedule schedule;

    @Option(names = "--warm-up", description = "For how many epochs the learning rate rises. Default: 0.5.")
    private @Nullable Double warmUp;

    @Option(names = "--weight-decay", description = "0 to 1. Default: 1e-4.")
    private @Nullable Double weightDecay;

    @Option(names = "--class-weights", description = "${COMPLETION-CANDIDATES}. Default: none.")
    private Optimisation.@Nullable ClassWeights classWeights;

    @Option(names = "--share", description = "How many images of a batch are perturbed, 0 to 1. Default: 0.5.")
    private @Nullable Double share;

    @Option(names = "--random-sign", description = "Add the perturbation or its negative, by the toss of a coin.")
    private boolean randomSign;

    @Option(names = "--least-scale", description = "Scale it by a factor from this to 1. Default: 1.")
    private @Nullable Double leastScale;

    @Option(names = "--shift", description = "Move it by up to so many pixels. Default: 0.")
    private @Nullable Integer shift;

    @Option(
            names = "--consistency",
            description = "How much the answers to an image, clean and perturbed, must agree (TRADES). Default: 0.")
    private @Nullable Double consistency;

    @Option(
            names = "--pursuit",
            paramLabel = "SHARE",
            description =
                    "After each step one of two per perturbation climbs the loss by this share of its epsilon, so that they pursue the grader. Default: 0.")
    private @Nullable Double pursuit;

    @Option(
            names = "--restart-every",
            paramLabel = "EPOCHS",
            description =
                    "With --pursuit: after how many epochs each begins anew from nothing; 0 for never. Default: 2.")
    private @Nullable Integer restartEvery;

    @Option(names = "--layers", description = "What is trained: ${COMPLETION-CANDIDATES}. Default: all.")
    private @Nullable TrainedLayers layers;

    @Option(names = "--rotation", description = "Turn images by up to so many degrees. Default: 0.")
    private @Nullable Double rotation;

    @Option(names = "--average", description = "Of the weights: ${COMPLETION-CANDIDATES}. Default: none.")
    private Averaging.@Nullable Kind average;

    @Option(
            names = "--clean-loss",
            description = "By how much the clean quadratic kappa may fall on the validation images. Default: 0.02.")
    private @Nullable Double cleanLoss;

    @Option(names = "--patience", description = "Stop after so many epochs without a better one. Default: never.")
    private @Nullable Integer patience;

    @Option(
            names = "--recraft-every",
            paramLabel = "EPOCHS",
            description =
                    "After so many epochs, and the last, craft the perturbations anew against the weights as they are: to judge these, and to train on, too. Default: never.")
    private @Nullable Integer recraftEvery;

    @Option(names = "--seed", description = "The seed of everything random. Default: 0.")
    private @Nullable Long seed;

    @Option(names = "--name", description = "The name to keep the repaired grader under. Default: one made of others.")
    private @Nullable String name;

    FinetuneRequest request(@Nullable String dispatcher) {
        Map<String, Object> mix = new TreeMap<>();
        put(mix, "share", share);
        put(mix, "randomSign", randomSign ? true : null);
        put(mix, "leastScale", leastScale);
        put(mix, "shift", shift);
        put(mix, "consistency", consistency);
        put(mix, "pursuit", pursuit);
        put(mix, "restartEvery", restartEvery);
        Map<String, Object> optimisation = new TreeMap<>();
        put(optimisation, "epochs", epochs);
        put(optimisation, "batch", batch);
        put(optimisation, "learningRate", learningRate);
        put(optimisation, "algorithm", algorithm);
        put(optimisation, "schedule", schedule);
        put(optimisation, "warmUp", warmUp);
        put(optimisation, "weightDecay", weightDecay);
        put(optimisation, "classWeights", classWeights);
        Map<String, Object> augmentation = new TreeMap<>();
        put(augmentation, "rotation", rotation);
        Map<String, Object> averaging = new TreeMap<>();
        put(averaging, "kind", average);
        Map<String, Object> stopping = new TreeMap<>();
        put(stopping, "cleanLoss", cleanLoss);
        put(stopping, "patience", patience);
        return new FinetuneRequest(
                model,
                dataset,
                validation,
                validationShare,
                perturbations,
                mix,
                optimisation,
                layers,
                null,
                augmentation,
                averaging,
                stopping,
                recraftEvery,
                seed,
                name,
                dispatcher);
    }

    private static void put(Map<String, Object> part, String field, @Nullable Object said) {
        if (said != null) {
            part.put(field, said);
        }
    }
}
