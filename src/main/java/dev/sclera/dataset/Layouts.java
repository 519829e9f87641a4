package dev.sclera.dataset;

import dev.sclera.problem.UnusableInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds out how a folder or file keeps its graded photographs. */
final class Layouts {

    private static final List<Layout> ALL = List.of(
            new NpzArchive(),
            new LabelledFolder("labels.csv", "image", "grade"),
            new LabelledFolder("train.csv", "id_code", "diagnosis"),
            new ClassFolders());

    private static final String THE_FOUR = """
            a folder with labels.csv (columns image,grade); \
            a folder as APTOS has it, with train.csv (columns id_code,diagnosis) and the images beside it or in train_images/; \
            a folder with one folder of images per grade, named 0 to 4 or No_DR, Mild, Moderate, Severe, Proliferate_DR; \
            a MedMNIST file .npz with train_images, train_labels and likewise val and test""";

    private Layouts() {}

    /**
     * Opens a folder or file, whatever its layout is.
     *
     * @throws UnusableInputException where it is not there, is empty, has none of the layouts, or labels nothing
     */
    static ImageSource open(Path source) {
        if (!Files.exists(source)) {
            throw new UnusableInputException(
                    "source",
                    "There is nothing at \"%s\" to import. Check the path; it is to be %s."
                            .formatted(source, THE_FOUR));
        }
        for (Layout layout : ALL) {
            Optional<ImageSource> opened = layout.open(source);
            if (opened.isPresent()) {
                return opened.get();
            }
        }
        boolean empty =
                Files.isDirectory(source) && new FolderFiles(source).all().isEmpty();
        throw new UnusableInputException(
                "source",
                "\"%s\" %s. What can be imported is one of: %s."
                        .formatted(
                                source,
                                empty ? "is an empty folder" : "has none of the layouts that can be imported",
                                THE_FOUR));
    }
}
