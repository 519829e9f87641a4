package dev.sclera.local.command;

import dev.sclera.architecture.Architecture;
import dev.sclera.architecture.FreshWeights;
import dev.sclera.defense.EpochLine;
import dev.sclera.defense.Optimisation;
import dev.sclera.defense.TrainedGrader;
import dev.sclera.defense.TrainingSpec;
import dev.sclera.local.Operations;
import dev.sclera.model.Network;
import dev.sclera.problem.InvalidValueException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sclera train}. */
@Command(
        name = "train",
        description = {
            "Train a grader on a dataset, from an architecture of Sclera's or from any ONNX file.",
            "",
            "The epoch with the highest quadratic kappa on the validation images is kept, as a model of the store. The"
                    + " same command again finds it done; one that was cut off goes on from its last checkpoint."
        },
        footer = {
            "",
            "Examples:",
            "  sclera train --dataset synthetic-eyes-train --architecture resnet-mini --name mine",
            "  sclera train --dataset clinic-train --validation clinic-val --onnx grader.onnx --mean 0.5 --std 0.5 \\",
            "               --weights given --rate 1e-4 --name better"
        })
final class TrainCommand extends StoreCommand {

    private enum Weights {
        FRESH,
        GIVEN
    }

    @Option(names = "--dataset", required = true, description = "The dataset to train on; no test split.")
    private String dataset;

    @Option(
            names = "--validation",
            description = "The dataset that chooses the epoch. Default: 15 percent of each grade's training images.")
    private @Nullable String validation;

    @Option(names = "--name", required = true, description = "The name to keep the grader under.")
    private String name;

    @Option(
            names = "--architecture",
            description = "resnet-mini or mobile-mini: small enough to be trained in minutes on two cores. Default:"
                    + " resnet-mini.")
    private @Nullable String architecture;

    @Option(names = "--onnx", paramLabel = "FILE", description = "Instead of --architecture: an ONNX classifier.")
    private @Nullable Path onnx;

    @Option(
            names = "--weights",
            description = "Of --onnx: fresh, drawn from the seed, or given, as the file has them. Default: fresh.")
    private Weights weights = Weights.FRESH;

    @Mixin
    private PreprocessingOptions preprocessing;

    @Option(names = "--epochs", description = "How often each image is used. Default: ${DEFAULT-VALUE}.")
    private int epochs = TrainingSpec.FROM_SCRATCH.epochs();

    @Option(names = "--batch", description = "Images per step. Default: ${DEFAULT-VALUE}.")
    private int batch = TrainingSpec.FROM_SCRATCH.batch();

    @Option(
            names = "--rate",
            description =
                    "The largest learning rate, of AdamW; given weights want about 1e-4. Default: ${DEFAULT-VALUE}.")
    private double rate = TrainingSpec.FROM_SCRATCH.learningRate();

    @Option(
            names = "--patience",
            description = "After how many epochs without a better one to end. Default: 0, not before the last.")
    private int patience;

    @Option(names = "--seed", description = "Of weights, order and augmentations. Default: 0.")
    private long seed;

    @Override
    int run(Operations operations) {
        Network network = onnx == null ? built() : brought(onnx);
        TrainedGrader grader = operations.training().run(network, spec(), operations.progress());
        print(grader, () -> text(grader));
        return 0;
    }

    private TrainingSpec spec() {
        Optimisation usual = TrainingSpec.FROM_SCRATCH;
        Optimisation optimisation = new Optimisation(
                epochs,
                batch,
                usual.algorithm(),
                rate,
                usual.schedule(),
                Math.min(epochs, usual.warmUp()),
                usual.momentum(),
                usual.weightDecay(),
                usual.classWeights());
        TrainingSpec spec = TrainingSpec.of(dataset, validation, name);
        return new TrainingSpec(
                dataset, validation, optimisation, spec.batchStatistics(), spec.augmentation(), patience, seed, name);
    }

    private Network built() {
        Architecture built = architecture == null ? Architecture.RESNET_MINI : Architecture.of(architecture);
        Integer size = preprocessing.said().size();
        return built.network(name, size == null ? Architecture.USUAL_SIZE : size, seed);
    }

    private Network brought(Path file) {
        if (architecture != null) {
            throw new InvalidValueException("architecture", architecture, "either --architecture or --onnx");
        }
        Network network = Network.read(name, file, preprocessing.said());
        return weights == Weights.GIVEN ? network : network.with(FreshWeights.of(network.onnx(), seed));
    }

    private static String text(TrainedGrader grader) {
        EpochLine best = grader.best();
        return new Lines()
                .add("model", grader.name())
                .add("trained on", grader.dataset())
                .add("best epoch", best.epoch() + " of " + (grader.log().size() - 1))
                .figure("kappa", best.cleanKappa())
                .figure("quadratic kappa", best.cleanQuadraticKappa())
                .add(
                        "seconds",
                        String.format(Locale.ROOT, "%.0f", grader.provenance().seconds()))
                .add("note", "Kappas are those of the validation images, which chose the epoch: test it on others.")
                .toString();
    }
}
