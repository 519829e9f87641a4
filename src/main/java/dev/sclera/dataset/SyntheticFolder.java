package dev.sclera.dataset;

import dev.sclera.dataset.image.Picture;
import dev.sclera.dataset.image.Png;
import dev.sclera.dataset.image.Samples;
import dev.sclera.dataset.synthetic.FundusPhotograph;
import dev.sclera.dataset.synthetic.SyntheticFundus;
import dev.sclera.problem.StorageException;
import dev.sclera.progress.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes synthetic photographs as files for people to look at: {@code photographs/*.png} and {@code labels.csv} there,
 * which can be imported as they are, and {@code lesions/*.png}, each kind of lesion in its colour. Every file says that
 * it is synthetic.
 */
public final class SyntheticFolder {

    private final Path photographs;
    private final Path lesions;

    /** @param folder is made where it is not there */
    public SyntheticFolder(Path folder) {
        photographs = folder.resolve("photographs");
        lesions = folder.resolve("lesions");
    }

    /**
     * Draws and writes what a request asks for; its name and split do not matter.
     *
     * @return how many photographs
     * @throws StorageException where the folder cannot be written
     */
    public int write(SyntheticRequest request, Progress progress) {
        int images = request.perGrade().stream().mapToInt(Integer::intValue).sum();
        try (Spill maps = new Spill(1, 1);
                Progress.Task task = progress.start("drawing synthetic photographs", images)) {
            Files.createDirectories(photographs);
            Files.createDirectories(lesions);
            List<Candidate.Drawing> drawings = SyntheticDrawings.of(request, maps);
            Parallel.forEach(images, Integer.MAX_VALUE, i -> {
                write(drawings.get(i));
                task.advance(1);
            });
            Files.writeString(photographs.resolve("labels.csv"), table(drawings), StandardCharsets.UTF_8);
            return images;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void write(Candidate.Drawing drawing) {
        FundusPhotograph photograph = drawing.artist().photograph(drawing.seed(), drawing.grade(), drawing.side());
        String origin = "%s, seed %d, grade %d, %s eye"
                .formatted(SyntheticFundus.VERSION, drawing.seed(), drawing.grade(), side(drawing));
        try {
            Files.write(photographs.resolve(drawing.name()), png(photograph.picture(), origin));
            Files.write(lesions.resolve(drawing.name()), png(photograph.map().picture(), origin));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static byte[] png(Picture picture, String origin) {
        int[] values = new int[picture.rgb().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = picture.rgb()[i] & 0xff;
        }
        Map<String, String> text = Map.of("Comment", SyntheticRecord.NOTE, "Source", origin);
        return Png.encode(new Samples(picture.height(), picture.width(), 8, values, text));
    }

    private static String table(List<Candidate.Drawing> drawings) {
        StringBuilder table = new StringBuilder("image,grade,side,seed,source\n");
        for (Candidate.Drawing drawing : drawings) {
            table.append(drawing.name())
                    .append(',')
                    .append(drawing.grade())
                    .append(',')
                    .append(side(drawing))
                    .append(',')
                    .append(drawing.seed())
                    .append(',')
                    .append(SyntheticFundus.VERSION)
                    .append('\n');
        }
        return table.toString();
    }

    private static String side(Candidate.Drawing drawing) {
        return drawing.side().name().toLowerCase(Locale.ROOT);
    }

    private static StorageException unwritable(IOException e) {
        return new StorageException(
                "The photographs cannot be written: %s. Name another folder, or free some space.".formatted(e), e);
    }
}
