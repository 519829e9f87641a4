package dev.sclera.cost;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What usage costs.
 *
 * @param currency of the amounts
 * @param lines amounts by what they are for
 * @param total of all of them
 */
public record Bill(String currency, Map<String, Double> lines, double total) {

    private static final double HOUR = 3600;

    /** The bill of what was used. */
    public static Bill of(Usage usage, Platform platform, Prices prices) {
        Prices.Instance gpu = prices.gpu(platform.gpu());
        double gpuHour = platform.spotShare() * gpu.spot() + (1 - platform.spotShare()) * gpu.onDemand();
        double gbSecond = platform.architecture() == Platform.Architecture.ARM
                ? prices.lambdaGbSecondArm()
                : prices.lambdaGbSecondX86();
        Map<String, Double> lines = new LinkedHashMap<>();
        lines.put("functions, time", usage.functionSeconds() * platform.gigabytes() * gbSecond);
        lines.put("functions, invocations", usage.invocations() / 1e6 * prices.lambdaMillionRequests());
        lines.put("GPU instances", usage.gpuSeconds() / HOUR * gpuHour);
        lines.put("S3, writes", usage.writes() / 1e3 * prices.s3ThousandWrites());
        lines.put("S3, reads", usage.reads() / 1e3 * prices.s3ThousandReads());
        lines.put("S3, kept for a month", usage.gigabytes() * prices.s3GbMonth());
        lines.put("events", usage.events() / 1e6 * prices.eventsMillion());
        lines.put("queues", usage.queueRequests() / 1e6 * prices.sqsMillion());
        lines.put("logs", usage.logGigabytes() * prices.logsGb());
        return new Bill(
                prices.currency(),
                lines,
                lines.values().stream().mapToDouble(Double::doubleValue).sum());
    }
}
