package dev.sclera.local.command;

import dev.sclera.campaign.Plan;
import java.util.Locale;

/** A campaign's plan as people read it at a terminal. */
final class PlanText {

    private PlanText() {}

    static String of(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-38s %6s %12s %12s %12s %9s%n",
                "work",
                "items",
                "graded",
                "gradients",
                "trained",
                "about"));
        for (Plan.Sum sum : plan.sums()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-38s %6d %,12d %,12d %,12d %9s%n",
                    sum.stage().words(),
                    sum.items(),
                    sum.graded(),
                    sum.gradients(),
                    sum.trained(),
                    time(sum.seconds())));
        }
        text.append(String.format(
                Locale.ROOT,
                "%d pieces of work, about %s on this machine; what is in the store already is not done again.%n",
                plan.items().size(),
                time(plan.seconds())));
        return text.toString();
    }

    /** A duration in one or two units. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? "%d min %02d s".formatted(whole / 60, whole % 60)
                : "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
    }
}
