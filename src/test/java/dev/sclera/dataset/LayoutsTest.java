package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sclera.dataset.Rejection.Reason;
import dev.sclera.problem.UnusableInputException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutsTest {

    @TempDir
    Path folder;

    @Test
    void imagesAreFoundByPathByNameAndWithoutEnding() throws Exception {
        Photographs.png(folder.resolve("one.png"), 1);
        Photographs.png(folder.resolve("images/two.png"), 2);
        Photographs.png(folder.resolve("images/three.png"), 3);
        Photographs.png(folder.resolve("deep/er/four.png"), 4);
        Photographs.png(folder.resolve("deep/er/five.png"), 5);
        labels("image,grade\none.png,0\ntwo.png,1\nthree,2\ndeep/er/four.png,3\nfive,4\n");

        ImageSource source = Layouts.open(folder);

        assertThat(source.rejections()).isEmpty();
        assertThat(source.candidates())
                .extracting(Candidate::file, Candidate::name, Candidate::grade)
                .containsExactly(
                        tuple("deep/er/five.png", "five.png", 4),
                        tuple("deep/er/four.png", "four.png", 3),
                        tuple("images/three.png", "three.png", 2),
                        tuple("images/two.png", "two.png", 1),
                        tuple("one.png", "one.png", 0));
    }

    @Test
    void columnsMayStandInAnyOrderAmongOthersAfterAByteOrderMark() throws Exception {
        Photographs.png(folder.resolve("a.png"), 1);
        labels("\ufeffpatient, grade ,image\r\n\"Doe, J.\", 2 ,a.png\r\n\r\n");

        assertThat(Layouts.open(folder).candidates())
                .extracting(Candidate::grade)
                .containsExactly(2);
    }

    @Test
    void namesOutsideOfAsciiAreFoundInEitherUnicodeForm() throws Exception {
        Assumptions.assumeTrue(
                Charset.forName(System.getProperty("sun.jnu.encoding")).equals(StandardCharsets.UTF_8),
                "this Java runtime does not write such file names: its locale is not UTF-8");
        // ö composed on the disk, decomposed in the labels; and one the other way about
        Photographs.png(folder.resolve("k\u00f6rper.png"), 1);
        Photographs.png(folder.resolve("\u76ee-e\u0301.png"), 2);
        labels("image,grade\nko\u0308rper.png,1\n\u76ee-\u00e9,2\n");

        ImageSource source = Layouts.open(folder);

        assertThat(source.rejections()).isEmpty();
        assertThat(source.candidates()).extracting(Candidate::grade).containsExactly(1, 2);
    }

    @Test
    void everyFaultyLabelIsReportedAndTheOthersAreKept() throws Exception {
        for (String name : List.of("good", "seven", "word", "twice", "torn", "forgotten", "x/same", "y/same")) {
            Photographs.png(folder.resolve(name + ".png"), name.hashCode());
        }
        labels("""
                image,grade
                good.png,0
                seven.png,7
                word.png,severe
                twice.png,1
                twice,1
                torn.png,1
                torn.png,2
                absent.png,3
                ../outside.png,1
                /etc/hostname,1
                same.png,2
                """);

        ImageSource source = Layouts.open(folder);

        assertThat(source.candidates()).extracting(Candidate::file).containsExactly("good.png", "twice.png");
        assertThat(source.rejections())
                .extracting(Rejection::file, Rejection::reason)
                .containsExactlyInAnyOrder(
                        tuple("seven.png", Reason.WRONG_GRADE),
                        tuple("word.png", Reason.WRONG_GRADE),
                        tuple("twice.png", Reason.REPEATED_LABEL),
                        tuple("torn.png", Reason.CONFLICTING_LABELS),
                        tuple("absent.png", Reason.MISSING_FILE),
                        tuple("../outside.png", Reason.OUTSIDE_FOLDER),
                        tuple("/etc/hostname", Reason.OUTSIDE_FOLDER),
                        tuple("same.png", Reason.AMBIGUOUS),
                        tuple("forgotten.png", Reason.NO_LABEL),
                        tuple("x/same.png", Reason.NO_LABEL),
                        tuple("y/same.png", Reason.NO_LABEL));
        assertThat(source.rejections())
                .filteredOn(rejection -> rejection.file().equals("seven.png"))
                .extracting(Rejection::detail)
                .containsExactly("labels.csv, line 3, says \"7\", which is not a grade from 0 to 4");
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "train_images/, 2", "gaussian/Mild/, 3"})
    void theLayoutOfAptosIsRead(String below, int seed) throws Exception {
        Photographs.png(folder.resolve(below + "000c1434d8d7.png"), seed);
        Files.writeString(folder.resolve("train.csv"), "id_code,diagnosis\n000c1434d8d7,2\n");

        assertThat(Layouts.open(folder).candidates())
                .extracting(Candidate::name, Candidate::grade)
                .containsExactly(tuple("000c1434d8d7.png", 2));
    }

    @Test
    void aFolderPerGradeIsReadHoweverItIsWritten() throws Exception {
        Photographs.png(folder.resolve("No_DR/a.png"), 1);
        Photographs.png(folder.resolve("mild/a.png"), 2);
        Photographs.png(folder.resolve("2/b.png"), 3);
        Photographs.png(folder.resolve("SEVERE/c.png"), 4);
        Photographs.png(folder.resolve("Proliferate_DR/d.png"), 5);
        Photographs.png(folder.resolve("proliferative dr/sub/e.png"), 6);
        Photographs.png(folder.resolve("other/f.png"), 7);
        Photographs.png(folder.resolve(".hidden/g.png"), 8);
        Files.writeString(folder.resolve("README"), "about");

        ImageSource source = Layouts.open(folder);

        assertThat(source.candidates())
                .extracting(Candidate::name, Candidate::grade)
                .containsExactlyInAnyOrder(
                        tuple("No_DR_a.png", 0),
                        tuple("mild_a.png", 1),
                        tuple("b.png", 2),
                        tuple("c.png", 3),
                        tuple("d.png", 4),
                        tuple("e.png", 4));
        assertThat(source.rejections())
                .extracting(Rejection::file, Rejection::reason)
                .containsExactly(tuple("other/f.png", Reason.NO_LABEL));
    }

    @Test
    void anEmptyFolderIsSaidToBeEmpty() {
        assertRefused("is an empty folder");
    }

    @Test
    void aFolderOfNoKnownLayoutIsToldTheFour() throws Exception {
        Photographs.png(folder.resolve("a.png"), 1);

        assertRefused("has none of the layouts", "labels.csv", "train.csv", "No_DR", ".npz");
    }

    @Test
    void aMissingColumnIsNamed() throws Exception {
        labels("file,grade\na.png,1\n");

        assertRefused("has no column \"image\"", "file,grade");
    }

    @Test
    void labelsWithoutRowsAreRefused() throws Exception {
        labels("image,grade\n");

        assertRefused("labels no image");
    }

    @Test
    void aPathThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> Layouts.open(folder.resolve("nowhere")))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void namesStayUniqueWhateverTheFolders() {
        assertThat(ImageNames.of(List.of("a/x.png", "b/x.png", "a_x.png", "y.jpg", "y.png", "z.jpg")))
                .doesNotHaveDuplicates()
                .contains("b_x.png", "z.jpg")
                .allMatch(name -> !name.contains("/"))
                .extracting(FolderFiles::withoutEnding)
                .doesNotHaveDuplicates();
    }

    @Test
    void aVeryLongPathMakesANameThatFitsAKey() {
        List<String> names = ImageNames.of(
                List.of("d".repeat(200) + "/x.png", "e".repeat(200) + "/x.png", "f".repeat(240) + ".png"));

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.length() <= 160 && name.endsWith(".png"));
    }

    private void labels(String text) throws Exception {
        Files.writeString(folder.resolve("labels.csv"), text);
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> Layouts.open(folder))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContainingAll(parts);
    }
}
