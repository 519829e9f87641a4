package dev.sclera.local.command;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.ImportResult;
import dev.sclera.dataset.Split;
import dev.sclera.dataset.SyntheticFolder;
import dev.sclera.dataset.SyntheticRecord;
import dev.sclera.dataset.SyntheticRequest;
import dev.sclera.local.Operations;
import dev.sclera.problem.InvalidValueException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sclera synthesize}. */
@Command(
        name = "synthesize",
        description = {
            "Draw synthetic fundus photographs: of nobody's eyes, with the lesions that their grades ask for.",
            "",
            "They become a dataset like an imported one, whose name begins with \"synthetic-\", or with --folder files to"
                    + " look at, with a map of the lesions beside each. The same seed draws the same pictures, on every"
                    + " machine. They are for trying things out: figures on them say nothing of people."
        },
        footer = {
            "",
            "Examples:",
            "  sclera synthesize --per-grade 200 --split 0.7,0.1,0.2 --name eyes",
            "  sclera synthesize --images 30 --folder look --size 448"
        })
final class SynthesizeCommand extends StoreCommand {

    private static final int USUAL_COUNT = 100;

    @Option(names = "--per-grade", paramLabel = "N", description = "How many of each grade. Default: 100.")
    private @Nullable Integer perGrade;

    @Option(
            names = "--images",
            paramLabel = "N",
            description =
                    "Instead of --per-grade: how many in all, of which grades have the shares that they have where"
                            + " people are screened: 49, 10, 28, 5 and 8 percent.")
    private @Nullable Integer images;

    @Option(names = "--seed", description = "The seed. Default: 0.")
    private long seed;

    @Option(names = "--size", description = "Rows and columns, 16 to 1024. Default: 224.")
    private int size = SyntheticRequest.USUAL_SIZE;

    @Option(
            names = "--name",
            description = "The dataset's name; it gets \"synthetic-\" in front where it lacks it."
                    + " Default: made from its id.")
    private @Nullable String name;

    @Option(
            names = "--split",
            split = ",",
            paramLabel = "SHARE",
            description = "Shares of train, val and test, for example 0.7,0.1,0.2. Default: no division.")
    private double @Nullable [] split;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Write PNG files, labels.csv and lesion maps below this folder instead of a dataset.")
    private @Nullable Path folder;

    @Override
    int run(Operations operations) {
        SyntheticRequest request = new SyntheticRequest(name, size, counts(), seed, shares());
        if (folder != null) {
            return write(request, folder, operations);
        }
        ImportResult result = operations.synthetic().make(request, operations.progress());
        print(result, () -> text(result));
        return 0;
    }

    private int write(SyntheticRequest request, Path target, Operations operations) {
        if (split != null || name != null) {
            throw new InvalidValueException("folder", target, "only without --name and --split, which are a dataset's");
        }
        int count = new SyntheticFolder(target).write(request, operations.progress());
        Written written = new Written(
                target.resolve("photographs").toString(),
                target.resolve("lesions").toString(),
                count,
                SyntheticRecord.NOTE);
        print(
                written,
                () -> new Lines()
                        .add("photographs", written.photographs())
                        .add("lesion maps", written.lesions())
                        .add("images", written.images())
                        .add("note", written.note())
                        .toString());
        return 0;
    }

    private List<Integer> counts() {
        if (images != null && perGrade != null) {
            throw new InvalidValueException("images", images, "either --images or --per-grade");
        }
        return images != null
                ? SyntheticRequest.screened(images)
                : SyntheticRequest.equal(perGrade == null ? USUAL_COUNT : perGrade);
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
                    .add("note", SyntheticRecord.NOTE));
        }
        return text.toString();
    }

    /** What was written where. */
    private record Written(String photographs, String lesions, int images, String note) {}
}
