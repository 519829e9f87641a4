package dev.sclera.local.command;

import dev.sclera.cost.Bill;
import dev.sclera.cost.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An estimate as people read it at a terminal. */
final class EstimateText {

    private EstimateText() {}

    static String of(Estimate estimate, String rate, List<List<String>> sources) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "work",
                "items",
                "graded",
                "gradients",
                "trained",
                "here",
                "invocations",
                "function h",
                "GPU h",
                estimate.bill().currency()));
        for (Estimate.Line line : estimate.lines()) {
            rows.add(List.of(
                    line.stage().words(),
                    whole(line.items()),
                    whole(line.graded()),
                    whole(line.gradients()),
                    whole(line.trained()),
                    PlanText.time(line.secondsHere()),
                    whole(line.invocations()),
                    hours(line.functionHours()),
                    hours(line.gpuHours()),
                    money(line.money())));
        }
        rows.add(List.of(
                estimate.campaigns() == 1 ? "all" : "all of %,d campaigns".formatted(estimate.campaigns()),
                whole(estimate.lines().stream()
                        .mapToDouble(Estimate.Line::items)
                        .sum()),
                whole(estimate.lines().stream()
                        .mapToDouble(Estimate.Line::graded)
                        .sum()),
                whole(estimate.lines().stream()
                        .mapToDouble(Estimate.Line::gradients)
                        .sum()),
                whole(estimate.lines().stream()
                        .mapToDouble(Estimate.Line::trained)
                        .sum()),
                PlanText.time(estimate.secondsHere()),
                whole(estimate.usage().invocations()),
                hours(estimate.usage().functionSeconds() / 3600),
                hours(estimate.usage().gpuSeconds() / 3600),
                money(estimate.bill().total())));
        List<List<String>> behind = new ArrayList<>();
        behind.add(List.of("speed of models here", rate, ""));
        behind.addAll(sources);
        return Columns.of(rows)
                + System.lineSeparator()
                + bill(estimate.bill())
                + System.lineSeparator()
                + Columns.of(behind);
    }

    /** What the money is for. */
    static String bill(Bill bill) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(bill.currency(), "for"));
        bill.lines().forEach((line, amount) -> rows.add(List.of(money(amount), line)));
        rows.add(List.of(money(bill.total()), "all"));
        return Columns.of(rows);
    }

    static String whole(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    private static String hours(double hours) {
        return String.format(Locale.ROOT, hours < 10 ? "%.2f" : "%,.0f", hours);
    }

    static String money(double amount) {
        return String.format(Locale.ROOT, amount < 1 ? "%.4f" : "%,.2f", amount);
    }
}
