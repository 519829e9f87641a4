package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The area under the ROC curve of referable images, sorted once so that each resample is one pass. */
final class AreaUnderRoc implements ImageStatistic {

    private final int[] ascending;
    private final boolean[] referable;
    private final double[] scores;

    AreaUnderRoc(int[] truth, double[] scores) {
        requireNonNull(truth, "truth is null");
        requireNonNull(scores, "scores is null");
        if (truth.length != scores.length) {
            throw new IllegalArgumentException("truth has " + truth.length + " images and scores has " + scores.length
                    + ", but both have to hold the same images in the same order.");
        }
        this.scores = scores.clone();
        referable = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            if (Double.isNaN(scores[i])) {
                throw new IllegalArgumentException("scores[" + i + "] is NaN, which has no place in an order.");
            }
            referable[i] = truth[i] >= ReferableDr.THRESHOLD;
        }
        ascending = IntStream.range(0, truth.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public int images() {
        return scores.length;
    }

    @Override
    public Measure over(int[] draws) {
        long referableSeen = 0;
        long othersSeen = 0;
        long twiceWins = 0;
        int next = 0;
        while (next < ascending.length) {
            double score = scores[ascending[next]];
            long referableHere = 0;
            long othersHere = 0;
            for (; next < ascending.length && scores[ascending[next]] == score; next++) {
                int image = ascending[next];
                if (referable[image]) {
                    referableHere += draws[image];
                } else {
                    othersHere += draws[image];
                }
            }
            twiceWins += referableHere * (2 * othersSeen + othersHere);
            referableSeen += referableHere;
            othersSeen += othersHere;
        }
        if (referableSeen == 0) {
            return Measure.undefined("no image has a true grade of " + ReferableDr.THRESHOLD + " or more");
        }
        return Measure.share(
                twiceWins, 2 * referableSeen * othersSeen, "no image has a true grade below " + ReferableDr.THRESHOLD);
    }
}
