package dev.sclera.dataset.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VesselTreeTest {

    private static Anatomy eye(long seed) {
        return Anatomy.draw(seed % 2 == 0 ? Side.LEFT : Side.RIGHT, new Chance(new SplittableRandom(seed)));
    }

    private static List<Vessel> tree(long seed) {
        return VesselTree.grow(eye(seed), new Chance(new SplittableRandom(seed + 1000)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void vesselsTaperFromTheDiscToTheirEnds(long seed) {
        assertThat(tree(seed)).hasSizeGreaterThan(40).allSatisfy(vessel -> {
            List<Double> radii = vessel.radii();
            assertThat(IntStream.range(1, radii.size())).allMatch(i -> radii.get(i) <= radii.get(i - 1));
            assertThat(radii.get(radii.size() - 1)).isLessThan(0.5 * radii.get(0));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noVesselComesIntoTheFovealAvascularZone(long seed) {
        Anatomy eye = eye(seed);
        assertThat(tree(seed).stream().flatMap(vessel -> vessel.places().stream()))
                .allMatch(place -> place.distance(eye.fovea()) > (VesselTree.AVASCULAR - 0.05) * eye.discDiameter());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void arteriesOfTheDiscAreTwoThirdsAsWideAsItsVeins(long seed) {
        double arteries = widest(tree(seed), false);
        double veins = widest(tree(seed), true);
        // the widest of either kind: each is drawn within 8 percent of its own mean
        assertThat(arteries / veins).isCloseTo(2.0 / 3, within(0.11));
    }

    private static double widest(List<Vessel> tree, boolean vein) {
        return tree.stream()
                .filter(vessel -> vessel.main() && vessel.vein() == vein)
                .mapToDouble(vessel -> vessel.radii().get(0))
                .max()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theMaculaLiesWhereAnatomyHasIt(long seed) {
        Anatomy eye = eye(seed);
        double temporal = (eye.fovea().x() - eye.disc().x()) * eye.side().temporal() / eye.discDiameter();
        double below = (eye.fovea().y() - eye.disc().y()) / eye.discDiameter();
        assertThat(temporal).isBetween(2.3, 2.75);
        assertThat(below).isBetween(0.0, 0.5);
    }
}
