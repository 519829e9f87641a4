package dev.sclera.cost;

import dev.sclera.campaign.Plan;
import org.jspecify.annotations.Nullable;

/**
 * How a piece of work is cut into invocations or jobs.
 *
 * @param kind how they follow each other
 * @param parts how many there are
 * @param seconds how long each of them takes
 * @param reads objects that each reads
 * @param writes objects that each writes
 * @param gathering what puts the parts of a fan-out together; null where nothing does
 */
public record Cut(
        Kind kind,
        long parts,
        double seconds,
        double reads,
        double writes,
        @Nullable Gathering gathering) {

    /**
     * One more invocation, which reads what the others wrote.
     *
     * @param seconds how long it takes
     * @param reads objects that it reads
     */
    public record Gathering(double seconds, double reads) {}

    /** How parts follow each other. */
    public enum Kind {
        /** One after the other, each from the checkpoint of the one before. */
        CHAIN,
        /** All at once, and one more that puts them together. */
        FAN_OUT,
        /** On a GPU. */
        JOB
    }

    /** Images of a shard, as datasets are imported. */
    static final int IMAGES_PER_SHARD = 256;

    /** Pixels, grades and names. */
    private static final int FILES_PER_SHARD = 3;

    /** Model, descriptor, self-test, dataset, perturbation, what is there already; counted by a test. */
    public static final double READS_AT_START = 13;

    /** Records; counted by the same test. */
    public static final double WRITES = 3;

    /** To read the predictions of a shard, one after the other; assumed. */
    private static final double SECONDS_PER_READ = 0.02;

    /** To decode, add, round and encode one image on one processor; assumed. */
    private static final double SECONDS_PER_PERTURBED = 0.01;

    /**
     * Cuts a piece of work.
     *
     * @param trainImages images that perturbations are crafted on
     * @param testImages images that are evaluated
     */
    public static Cut of(Plan.Item item, long trainImages, long testImages, Platform platform) {
        double seconds = platform.functionSeconds(item.seconds());
        double trainFiles = FILES_PER_SHARD * shards(trainImages);
        return switch (item.stage()) {
            case CRAFT, ADAPT -> {
                boolean idle = item.gradients() == 0;
                long parts = parts(seconds, platform);
                yield chain(parts, seconds, platform, idle ? 0 : trainFiles, idle ? 3 : 5);
            }
            case PERTURB ->
                fanOut(
                        testImages * SECONDS_PER_PERTURBED / platform.processors(),
                        testImages,
                        platform,
                        platform.imagesPerInvocation());
            case GRADE, EVALUATE, RETRY ->
                fanOut(seconds, testImages, platform, shards(platform.imagesPerInvocation()));
            case REPAIR -> {
                double each = item.seconds() / platform.gpuSpeedUp() + platform.jobStart();
                yield new Cut(Kind.JOB, 1, each, READS_AT_START + trainFiles, WRITES + 2, null);
            }
            case ENSEMBLE, REPORT -> chain(1, seconds, platform, 0, 0);
        };
    }

    private static Cut fanOut(double seconds, long images, Platform platform, double writes) {
        long byImages = ceilDiv(images, platform.imagesPerInvocation());
        long parts = Math.max(byImages, parts(seconds, platform));
        double share = images / (double) parts / platform.imagesPerInvocation();
        long shards = shards(images);
        return new Cut(
                Kind.FAN_OUT,
                parts,
                seconds / parts + platform.overhead(),
                READS_AT_START + FILES_PER_SHARD * shards / (double) parts,
                WRITES + writes * Math.min(1, share),
                parts == 1
                        ? null
                        : new Gathering(
                                platform.overhead() + SECONDS_PER_READ * shards, READS_AT_START + (double) shards));
    }

    private static Cut chain(long parts, double seconds, Platform platform, double reads, double writes) {
        return new Cut(
                Kind.CHAIN,
                parts,
                seconds / parts + platform.overhead(),
                READS_AT_START + reads,
                WRITES + writes,
                null);
    }

    private static long parts(double seconds, Platform platform) {
        return Math.max(1, (long) Math.ceil(seconds / platform.deadline()));
    }

    private static long shards(long images) {
        return ceilDiv(images, IMAGES_PER_SHARD);
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /** Invocations, the one included that puts a fan-out together; none where it is a job. */
    public long invocations() {
        return switch (kind) {
            case CHAIN -> parts;
            case FAN_OUT -> gathering == null ? parts : parts + 1;
            case JOB -> 0;
        };
    }
}
