package dev.sclera.dataset;

import dev.sclera.dataset.synthetic.Side;
import dev.sclera.dataset.synthetic.SyntheticFundus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The photographs of a request, still to be drawn: in an order that mixes grades, so that a part of them is a sample.
 */
final class SyntheticDrawings {

    private SyntheticDrawings() {}

    /** @param maps takes a lesion map of each */
    static List<Candidate.Drawing> of(SyntheticRequest request, Spill maps) {
        SyntheticFundus artist = new SyntheticFundus(request.size());
        SplittableRandom random = new SplittableRandom(request.seed());
        List<Integer> grades = shuffled(request.perGrade(), random.split());
        List<Candidate.Drawing> drawings = new ArrayList<>();
        for (int i = 0; i < grades.size(); i++) {
            long seed = random.nextLong();
            Side side = random.nextBoolean() ? Side.LEFT : Side.RIGHT;
            String name = "synthetic-%06d-%s.png".formatted(i, side.name().toLowerCase(Locale.ROOT));
            drawings.add(new Candidate.Drawing(artist, seed, side, maps, i, request.size(), name, grades.get(i)));
        }
        return drawings;
    }

    private static List<Integer> shuffled(List<Integer> perGrade, SplittableRandom random) {
        List<Integer> grades = new ArrayList<>();
        for (int grade = 0; grade < perGrade.size(); grade++) {
            for (int i = 0; i < perGrade.get(grade); i++) {
                grades.add(random.nextInt(grades.size() + 1), grade);
            }
        }
        return grades;
    }
}
