package dev.sclera.cost;

import dev.sclera.campaign.Plan;
import java.util.List;

/**
 * What campaigns would take.
 *
 * @param campaigns how many there are
 * @param lines by kind of work, of all campaigns together
 * @param usage of a cloud, of all campaigns together
 * @param bill of it
 * @param platform what they run on
 */
public record Estimate(long campaigns, List<Line> lines, Usage usage, Bill bill, Platform platform) {

    /**
     * One kind of work.
     *
     * @param stage the kind
     * @param items pieces of it
     * @param graded images through models, forward
     * @param gradients images through models, forward and backward
     * @param trained images that models are trained on
     * @param secondsHere about how long it takes on this machine
     * @param invocations of functions
     * @param functionHours of all invocations together
     * @param gpuHours of instances with a GPU
     * @param money in the bill's currency
     */
    public record Line(
            Plan.Stage stage,
            long items,
            double graded,
            double gradients,
            double trained,
            double secondsHere,
            double invocations,
            double functionHours,
            double gpuHours,
            double money) {}

    public Estimate {
        lines = List.copyOf(lines);
    }

    /** How long all of it takes on this machine, in seconds. */
    public double secondsHere() {
        return lines.stream().mapToDouble(Line::secondsHere).sum();
    }
}
