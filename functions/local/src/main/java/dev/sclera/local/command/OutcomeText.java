package dev.sclera.local.command;

import dev.sclera.cost.Bill;
import dev.sclera.simulation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A simulation's outcome as people read it at a terminal. */
final class OutcomeText {

    private OutcomeText() {}

    static String of(Outcome outcome, Bill bill) {
        return new Lines()
                        .add("verdicts", EstimateText.whole(outcome.verdicts()))
                        .add("first verdict after", PlanText.time(outcome.firstVerdict()))
                        .add("last verdict after", PlanText.time(outcome.lastVerdict()))
                        .add("a campaign, on average", PlanText.time(outcome.meanCampaign()))
                        .add("functions at a time, at most", EstimateText.whole(outcome.peakConcurrency()))
                        .add("events a second, at most", EstimateText.whole(outcome.busPeak()))
                        .add("simulated events", EstimateText.whole(outcome.events()))
                + System.lineSeparator()
                + stations(outcome)
                + System.lineSeparator()
                + prefixes(outcome)
                + System.lineSeparator()
                + limits(outcome)
                + System.lineSeparator()
                + EstimateText.bill(bill);
    }

    private static String stations(Outcome outcome) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "station",
                "parts",
                "may run",
                "ran, at most",
                "on average",
                "waited, at most",
                "on average",
                "for, on average",
                "at most"));
        outcome.stations()
                .forEach(place -> rows.add(List.of(
                        place.name(),
                        EstimateText.whole(place.parts()),
                        EstimateText.whole(place.limit()),
                        EstimateText.whole(place.peakBusy()),
                        tenths(place.meanBusy()),
                        EstimateText.whole(place.peakWaiting()),
                        tenths(place.meanWaiting()),
                        PlanText.time(place.meanWait()),
                        PlanText.time(place.longestWait()))));
        return Columns.of(rows);
    }

    private static String prefixes(Outcome outcome) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("keys", "reads a second, at most", "writes"));
        outcome.prefixes()
                .forEach(prefix ->
                        rows.add(List.of(prefix.name(), tenths(prefix.peakReads()), tenths(prefix.peakWrites()))));
        return Columns.of(rows);
    }

    private static String limits(Outcome outcome) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("limit", "allowed", "asked", "met", "what keeps the design inside"));
        outcome.limits()
                .forEach(limit -> rows.add(List.of(
                        limit.what(),
                        EstimateText.whole(limit.allowed()),
                        EstimateText.whole(limit.asked()),
                        limit.met() ? "MET" : "no",
                        limit.answer())));
        return Columns.of(rows);
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }
}
