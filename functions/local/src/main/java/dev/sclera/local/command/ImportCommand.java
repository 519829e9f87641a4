package dev.sclera.local.command;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.dataset.ImportResult;
import dev.sclera.dataset.Rejection;
import dev.sclera.dataset.Split;
import dev.sclera.local.Operations;
import dev.sclera.problem.InvalidValueException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sclera import}. */
@Command(
        name = "import",
        description = {
            "Import graded photographs as a dataset.",
            "",
            "SOURCE is one of: a folder with labels.csv (columns image,grade); a folder in APTOS' layout (train.csv with"
                    + " id_code,diagnosis); a folder with one folder per grade, 0 to 4; a MedMNIST .npz. An image that"
                    + " cannot be used is listed with its reason, and never stops the import."
        },
        footer = {
            "",
            "Examples:",
            "  sclera import photographs --name clinic --split 0.7,0.1,0.2",
            "  sclera import retinamnist.npz --size 28"
        })
final class ImportCommand extends StoreCommand {

    private static final int MOST_REJECTIONS = 20;

    @Parameters(paramLabel = "SOURCE", description = "A folder, or a .npz file.")
    private Path source;

    @Option(names = "--name", description = "The dataset's name. Default: the folder's name and digits of its id.")
    private @Nullable String name;

    @Option(
            names = "--size",
            description = "Rows and columns of the canonical images, 8 to 2048. Default: the size that all images share"
                    + " where that is square and at most 512, else 224.")
    private @Nullable Integer size;

    @Option(names = "--crop", description = "Crop each photograph to the bounding circle of its fundus.")
    private boolean crop;

    @Option(
            names = "--split",
            split = ",",
            paramLabel = "SHARE",
            description = "Shares of train, val and test, for example 0.7,0.1,0.2: stratified by grade, exact"
                    + " duplicates kept together. Default: no division.")
    private double @Nullable [] split;

    @Option(names = "--seed", description = "The seed of the division. Default: 0.")
    private long seed;

    @Option(names = "--part", description = "What the dataset is: train, val or test. Default: all.")
    private @Nullable String part;

    @Override
    int run(Operations operations) {
        ImportRequest request = new ImportRequest(source, name, size, crop, shares(), part);
        ImportResult result = operations.imports().run(request, operations.progress());
        print(result, () -> text(result));
        return 0;
    }

    private @Nullable Split shares() {
        if (split == null) {
            return null;
        }
        if (split.length != 3) {
            throw new InvalidValueException(
                    "split", Arrays.toString(split), "three shares, of train, val and test, for example 0.7,0.1,0.2");
        }
        return new Split(split[0], split[1], split[2], seed);
    }

    private static String text(ImportResult result) {
        StringBuilder text = new StringBuilder();
        for (Dataset dataset : result.datasets()) {
            text.append(new Lines()
                    .add("dataset", dataset.name())
                    .add("split", dataset.split())
                    .add("images", dataset.images() + " of " + dataset.height() + "×" + dataset.width())
                    .add("per grade 0 to 4", dataset.imagesPerGrade())
                    .add("left out", dataset.rejected()));
        }
        result.rejectedPerReason()
                .forEach((reason, count) -> text.append("left out: ")
                        .append(reason.code())
                        .append(", ")
                        .append(count)
                        .append(System.lineSeparator()));
        for (Rejection rejection : result.rejected()
                .subList(0, Math.min(MOST_REJECTIONS, result.rejected().size()))) {
            text.append("  ")
                    .append(rejection.file())
                    .append(": ")
                    .append(rejection.detail())
                    .append(System.lineSeparator());
        }
        if (result.rejected().size() > MOST_REJECTIONS) {
            text.append("  … and ")
                    .append(result.rejected().size() - MOST_REJECTIONS)
                    .append(" more; --json lists them all")
                    .append(System.lineSeparator());
        }
        return text.toString();
    }
}
