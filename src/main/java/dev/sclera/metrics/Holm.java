package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A family of tests corrected so that the chance of even one wrong rejection stays below the significance, however the
 * tests depend on each other: Holm's step-down procedure (Holm 1979, "A simple sequentially rejective multiple test
 * procedure"). Of m tests in the order of their p, the i-th is given the largest of {@code (m - j + 1) p(j)} over j up
 * to i, and at most 1.
 *
 * <p>A test whose p is undefined counts towards m, as one that rejects nothing, and stays undefined: which tests have
 * an answer must not loosen the others.
 *
 * @param significance the chance of even one wrong rejection, above 0 and below 1
 * @param tests corrected, in the order in which they were given; none for an empty family
 */
public record Holm(double significance, List<Corrected> tests) {

    /** @throws IllegalArgumentException if the significance is out of range */
    public Holm {
        Proportions.requireInside("significance", significance, 1);
        tests = List.copyOf(tests);
    }

    /**
     * One test of the family.
     *
     * @param name what is tested, unique in its family
     * @param p 0 to 1, or why there is none
     */
    public record Test(String name, Measure p) {

        /** @throws IllegalArgumentException if p is defined and not 0 to 1 */
        public Test {
            requireNonNull(name, "name is null");
            p.asOptional().ifPresent(value -> {
                if (!(value >= 0 && value <= 1)) {
                    throw new IllegalArgumentException("p of \"" + name + "\" is " + value + ", but has to be 0 to 1.");
                }
            });
        }
    }

    /**
     * One test after the correction.
     *
     * @param name what is tested
     * @param p as it was given
     * @param corrected p corrected, never below p, at most 1; undefined where p is
     * @param rejected whether the corrected p is at most the significance
     */
    public record Corrected(String name, Measure p, Measure corrected, boolean rejected) {}

    /**
     * Corrects a family.
     *
     * @param significance above 0 and below 1
     * @throws IllegalArgumentException if the significance is out of range, or two tests have the same name
     */
    public static Holm correct(List<Test> family, double significance) {
        Set<String> names = new HashSet<>();
        for (Test test : family) {
            if (!names.add(test.name())) {
                throw new IllegalArgumentException(
                        "Two tests of a family are named \"" + test.name() + "\", but each needs a name of its own.");
            }
        }
        int[] ascending = IntStream.range(0, family.size())
                .boxed()
                .filter(i -> family.get(i).p().defined())
                .sorted(Comparator.comparingDouble(i -> family.get(i).p().orElseThrow()))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Measure> corrected = new ArrayList<>(family.stream().map(Test::p).toList());
        double largest = 0;
        for (int rank = 0; rank < ascending.length; rank++) {
            double p = family.get(ascending[rank]).p().orElseThrow();
            largest = Math.max(largest, Math.min(1, (family.size() - rank) * p));
            corrected.set(ascending[rank], Measure.of(largest));
        }
        return new Holm(
                significance,
                IntStream.range(0, family.size())
                        .mapToObj(i -> corrected(family.get(i), corrected.get(i), significance))
                        .toList());
    }

    private static Corrected corrected(Test test, Measure corrected, double significance) {
        boolean rejected = corrected.defined() && corrected.orElseThrow() <= significance;
        return new Corrected(test.name(), test.p(), corrected, rejected);
    }
}
