package dev.sclera.cost;

import dev.sclera.problem.InvalidValueException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cloud asks for, in one currency and before taxes, discounts and free tiers.
 *
 * @param currency for example {@code USD}
 * @param region where these prices are asked
 * @param asOf when they were read
 * @param lambdaGbSecondX86 a gigabyte of memory for a second, on x86-64
 * @param lambdaGbSecondArm the same on arm64
 * @param lambdaMillionRequests a million invocations
 * @param s3ThousandWrites a thousand PUT, COPY, POST and LIST requests
 * @param s3ThousandReads a thousand GET requests
 * @param s3GbMonth a gigabyte kept for a month
 * @param eventsMillion a million custom events
 * @param sqsMillion a million requests to a queue
 * @param logsGb a gigabyte of log taken in
 * @param gpuHours an hour of an instance, by its type
 */
public record Prices(
        String currency,
        String region,
        String asOf,
        double lambdaGbSecondX86,
        double lambdaGbSecondArm,
        double lambdaMillionRequests,
        double s3ThousandWrites,
        double s3ThousandReads,
        double s3GbMonth,
        double eventsMillion,
        double sqsMillion,
        double logsGb,
        Map<String, Instance> gpuHours) {

    public Prices {
        for (double price : new double[] {
            lambdaGbSecondX86,
            lambdaGbSecondArm,
            lambdaMillionRequests,
            s3ThousandWrites,
            s3ThousandReads,
            s3GbMonth,
            eventsMillion,
            sqsMillion,
            logsGb
        }) {
            requirePrice(price);
        }
        gpuHours = Map.copyOf(gpuHours);
    }

    /**
     * An instance with one GPU.
     *
     * @param onDemand an hour at the list price
     * @param spot an hour on the spot market, which moves
     */
    public record Instance(double onDemand, double spot) {

        public Instance {
            requirePrice(onDemand);
            requirePrice(spot);
        }
    }

    private static void requirePrice(double price) {
        if (!(price >= 0 && Double.isFinite(price))) {
            throw new InvalidValueException("prices", price, "0 or more");
        }
    }

    /**
     * An instance by its type.
     *
     * @throws InvalidValueException where no price is known of it
     */
    Instance gpu(String type) {
        Instance instance = gpuHours.get(type);
        if (instance == null) {
            throw new InvalidValueException("gpu", type, "one of " + new TreeMap<>(gpuHours).keySet());
        }
        return instance;
    }
}
