package dev.sclera.simulation;

import dev.sclera.cost.Usage;
import java.util.List;

/**
 * What a simulation came to. Times are in seconds from the first upload's window on.
 *
 * @param verdicts how many campaigns ended
 * @param firstVerdict when the first did
 * @param lastVerdict when the last did
 * @param meanCampaign from an upload to its verdict, on average
 * @param events how many were simulated
 * @param peakConcurrency of all functions together
 * @param stations the functions, and the job queue
 * @param prefixes of the store, those with the most requests
 * @param busPeak the most events that were to be sent within a second
 * @param busDelay the longest that events waited to be taken
 * @param limits what the cloud allows, and what was asked of it
 * @param usage of it
 */
public record Outcome(
        int verdicts,
        double firstVerdict,
        double lastVerdict,
        double meanCampaign,
        long events,
        int peakConcurrency,
        List<Place> stations,
        List<Prefix> prefixes,
        double busPeak,
        double busDelay,
        List<Limit> limits,
        Usage usage) {

    public Outcome {
        stations = List.copyOf(stations);
        prefixes = List.copyOf(prefixes);
        limits = List.copyOf(limits);
    }

    /**
     * Where work waited and was done.
     *
     * @param name the function's, or the queue's
     * @param parts how many were done
     * @param limit how many may run at a time
     * @param peakBusy how many did
     * @param meanBusy on average
     * @param peakWaiting how many waited, at most
     * @param meanWaiting on average
     * @param meanWait for how long, on average
     * @param longestWait for how long, at most
     */
    public record Place(
            String name,
            long parts,
            int limit,
            int peakBusy,
            double meanBusy,
            long peakWaiting,
            double meanWaiting,
            double meanWait,
            double longestWait) {

        static Place of(Station station) {
            StationFigures figures = station.figures();
            return new Place(
                    station.name(),
                    figures.finishedParts(),
                    station.limit(),
                    figures.peakBusy(),
                    figures.meanBusy(),
                    figures.peakWaiting(),
                    figures.meanWaiting(),
                    figures.meanWait(),
                    figures.longestWait());
        }
    }

    /**
     * Keys that begin alike.
     *
     * @param name how they begin
     * @param peakReads the most within a second
     * @param peakWrites likewise
     */
    public record Prefix(String name, double peakReads, double peakWrites) {}

    /**
     * What a cloud allows.
     *
     * @param what it is about
     * @param allowed how much
     * @param asked the most that was asked, or would have been had there been no throttle
     * @param met whether it was more than allowed
     * @param answer what keeps the design inside
     */
    public record Limit(String what, double allowed, double asked, boolean met, String answer) {}
}
