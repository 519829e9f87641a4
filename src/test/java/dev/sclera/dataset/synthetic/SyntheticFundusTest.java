package dev.sclera.dataset.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.store.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class SyntheticFundusTest {

    private static final int SIZE = 224;

    static final List<FundusPhotograph> PHOTOGRAPHS = LongStream.range(0, 40)
            .mapToObj(i ->
                    new SyntheticFundus(SIZE).photograph(900 + i, (int) i % 5, i / 5 % 2 == 0 ? Side.LEFT : Side.RIGHT))
            .toList();

    /** Those in which no blood before the retina hides what is behind it. */
    static final List<FundusPhotograph> UNVEILED =
            PHOTOGRAPHS.stream().filter(photograph -> photograph.grade() < 4).toList();

    @ParameterizedTest
    @CsvSource({
        "0, LEFT, 3ecd7539112b472e8e578fd4a84b345b40a33a6beba1ee15fd050b22ccd1ed30",
        "4, RIGHT, d7367325de01f8caceac11e586540630b897e3917e6e2779c6f3f6dcdc7b1cb8",
    })
    void aSeedGivesTheSameBytesOnEveryMachine(int grade, Side side, String sha256) {
        FundusPhotograph photograph = new SyntheticFundus(64).photograph(7, grade, side);
        assertThat(Sha256.of(photograph.picture().rgb())).isEqualTo(sha256);
    }

    @Test
    void seedsGradesAndSidesMakeDifferentPictures() {
        SyntheticFundus artist = new SyntheticFundus(32);
        List<String> digests = new ArrayList<>();
        for (long seed = 0; seed < 3; seed++) {
            for (int grade = 0; grade < 5; grade++) {
                for (Side side : Side.values()) {
                    digests.add(Sha256.of(
                            artist.photograph(seed, grade, side).picture().rgb()));
                }
            }
        }
        assertThat(digests).doesNotHaveDuplicates();
    }

    /** Of an eye is the mean difference to itself at another size, reduced, far below that to another eye. */
    @Test
    void theSameEyeIsSeenAtEverySize() {
        byte[] small =
                new SyntheticFundus(56).photograph(5, 2, Side.LEFT).picture().rgb();
        byte[] same = reduced(
                new SyntheticFundus(224).photograph(5, 2, Side.LEFT).picture().rgb(), 224, 4);
        byte[] other = reduced(
                new SyntheticFundus(224).photograph(6, 2, Side.LEFT).picture().rgb(), 224, 4);
        assertThat(difference(small, same)).isLessThan(6);
        assertThat(difference(small, other)).isGreaterThan(2 * difference(small, same));
    }

    @ParameterizedTest
    @FieldSource("PHOTOGRAPHS")
    void theLesionsAreThoseThatTheGradeAsksFor(FundusPhotograph photograph) {
        Map<LesionKind, Long> kinds =
                photograph.lesions().stream().collect(Collectors.groupingBy(Lesion::kind, Collectors.counting()));
        boolean severe = severe(photograph);
        switch (photograph.grade()) {
            case 0 -> assertThat(kinds).isEmpty();
            case 1 -> assertThat(kinds).containsOnlyKeys(LesionKind.MICROANEURYSM);
            case 2 -> {
                assertThat(kinds).containsKeys(LesionKind.MICROANEURYSM, LesionKind.HAEMORRHAGE);
                assertThat(severe).isFalse();
                assertThat(kinds.keySet()).noneMatch(LesionKind::proliferative);
            }
            case 3 -> {
                assertThat(severe).isTrue();
                assertThat(kinds.keySet()).noneMatch(LesionKind::proliferative);
            }
            default -> assertThat(kinds.keySet()).anyMatch(LesionKind::proliferative);
        }
    }

    /** In the eyes of the first three, too few quadrants have a vein that is wide enough for beads. */
    @Test
    void severeEyesAreSevereWhateverTheirVeins() {
        SyntheticFundus artist = new SyntheticFundus(16);
        LongStream.concat(LongStream.of(50165, 50195, 50259), LongStream.range(0, 40))
                .mapToObj(seed -> artist.photograph(seed, 3, seed % 2 == 0 ? Side.LEFT : Side.RIGHT))
                .forEach(photograph -> assertThat(severe(photograph))
                        .as("seed " + photograph.seed())
                        .isTrue());
    }

    /** The 4-2-1 rule, on the list of lesions. */
    private static boolean severe(FundusPhotograph photograph) {
        Anatomy eye = photograph.eye();
        Function<LesionKind, Map<Quadrant, Long>> perQuadrant = kind -> photograph.lesions().stream()
                .filter(lesion -> lesion.kind() == kind)
                .collect(Collectors.groupingBy(
                        lesion -> Quadrant.of(lesion.at(), eye.fovea(), eye.side()), Collectors.counting()));
        Map<Quadrant, Long> haemorrhages = perQuadrant.apply(LesionKind.HAEMORRHAGE);
        return haemorrhages.size() == 4 && haemorrhages.values().stream().allMatch(count -> count > 20)
                || perQuadrant.apply(LesionKind.VENOUS_BEADING).size() >= 2
                || !perQuadrant.apply(LesionKind.IRMA).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("PHOTOGRAPHS")
    void theMapShowsTheKindsThatThereAreAndNoOthers(FundusPhotograph photograph) {
        for (LesionKind kind : LesionKind.values()) {
            boolean there = photograph.lesions().stream().anyMatch(lesion -> lesion.kind() == kind);
            assertThat(photograph.map().pixels(kind) > 0).as(kind.name()).isEqualTo(there);
        }
    }

    /** Counted by flooding the map's patches: what a picture shows, not what its maker intended. */
    @ParameterizedTest
    @FieldSource("UNVEILED")
    void theMapsPatchesAreAsManyAsTheHaemorrhages(FundusPhotograph photograph) {
        Map<Quadrant, Integer> patches = patches(photograph, LesionKind.HAEMORRHAGE);
        for (Quadrant quadrant : Quadrant.values()) {
            int intended = (int) photograph.lesions().stream()
                    .filter(lesion -> lesion.kind() == LesionKind.HAEMORRHAGE)
                    .filter(lesion -> Quadrant.of(
                                    lesion.at(),
                                    photograph.eye().fovea(),
                                    photograph.eye().side())
                            == quadrant)
                    .count();
            // one that is cut by another lesion may count twice, two that touch once
            int seen = patches.getOrDefault(quadrant, 0);
            assertThat(seen).isBetween((int) (intended * 0.85) - 1, (int) (intended * 1.15) + 1);
            assertThat(seen > 20).as(quadrant + " is severe").isEqualTo(intended > 20);
        }
    }

    @ParameterizedTest
    @FieldSource("PHOTOGRAPHS")
    void lesionsLieWithinTheFieldAndOffTheDiscUnlessTheyGrowThere(FundusPhotograph photograph) {
        Anatomy eye = photograph.eye();
        assertThat(photograph.lesions()).allSatisfy(lesion -> {
            int at = pixel(lesion.at().y()) * SIZE + pixel(lesion.at().x());
            byte[] rgb = photograph.picture().rgb();
            assertThat((rgb[3 * at] & 0xff) + (rgb[3 * at + 1] & 0xff)).isGreaterThan(20);
            boolean anywhere =
                    lesion.kind() == LesionKind.NEOVASCULARISATION || lesion.kind() == LesionKind.VITREOUS_HAEMORRHAGE;
            assertThat(anywhere || eye.discDistance(lesion.at().x(), lesion.at().y()) > 1.1)
                    .as(lesion.toString())
                    .isTrue();
        });
    }

    /** What was drawn on the fundus is seen there: darker where blood is, brighter where lipid is. */
    @ParameterizedTest
    @FieldSource("PHOTOGRAPHS")
    void lesionsAreSeenInThePicture(FundusPhotograph photograph) {
        double around = green(photograph, 0);
        Map<LesionKind, Boolean> darker =
                Map.of(LesionKind.HAEMORRHAGE, true, LesionKind.MICROANEURYSM, true, LesionKind.HARD_EXUDATE, false);
        darker.forEach((kind, expected) -> {
            if (photograph.map().pixels(kind) > 10) {
                assertThat(green(photograph, kind.label()) < 0.9 * around)
                        .as(kind.name())
                        .isEqualTo(expected);
            }
        });
    }

    /** The mean green of what is labelled so, within the middle of the field. */
    private static double green(FundusPhotograph photograph, int label) {
        double sum = 0;
        int count = 0;
        for (int row = SIZE / 5; row < SIZE * 4 / 5; row++) {
            for (int column = SIZE / 5; column < SIZE * 4 / 5; column++) {
                if (photograph.map().labels()[row * SIZE + column] == label) {
                    sum += photograph.picture().rgb()[3 * (row * SIZE + column) + 1] & 0xff;
                    count++;
                }
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    private static Map<Quadrant, Integer> patches(FundusPhotograph photograph, LesionKind kind) {
        byte[] labels = photograph.map().labels().clone();
        List<Quadrant> found = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == kind.label()) {
                int[] sums = new int[3];
                flood(labels, i, kind.label(), sums);
                Point middle =
                        new Point((2.0 * sums[1] / sums[0] + 1) / SIZE - 1, (2.0 * sums[2] / sums[0] + 1) / SIZE - 1);
                found.add(Quadrant.of(
                        middle, photograph.eye().fovea(), photograph.eye().side()));
            }
        }
        return found.stream().collect(Collectors.toMap(quadrant -> quadrant, quadrant -> 1, Integer::sum));
    }

    private static void flood(byte[] labels, int from, int label, int[] sums) {
        List<Integer> open = new ArrayList<>(List.of(from));
        labels[from] = 0;
        while (!open.isEmpty()) {
            int at = open.remove(open.size() - 1);
            sums[0]++;
            sums[1] += at % SIZE;
            sums[2] += at / SIZE;
            Stream.of(-SIZE - 1, -SIZE, -SIZE + 1, -1, 1, SIZE - 1, SIZE, SIZE + 1)
                    .map(step -> at + step)
                    .filter(next -> next >= 0 && next < labels.length && labels[next] == label)
                    .forEach(next -> {
                        labels[next] = 0;
                        open.add(next);
                    });
        }
    }

    private static int pixel(double place) {
        return Math.max(0, Math.min(SIZE - 1, (int) ((place + 1) * SIZE / 2)));
    }

    private static byte[] reduced(byte[] rgb, int size, int factor) {
        int small = size / factor;
        int[] sums = new int[3 * small * small];
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / 3;
            sums[3 * (pixel / size / factor * small + pixel % size / factor) + i % 3] += rgb[i] & 0xff;
        }
        byte[] reduced = new byte[sums.length];
        for (int i = 0; i < sums.length; i++) {
            reduced[i] = (byte) (sums[i] / (factor * factor));
        }
        return reduced;
    }

    private static double difference(byte[] one, byte[] other) {
        assertThat(one).hasSameSizeAs(other);
        int[] differences = new int[one.length];
        Arrays.setAll(differences, i -> Math.abs((one[i] & 0xff) - (other[i] & 0xff)));
        return Arrays.stream(differences).average().orElseThrow();
    }
}
