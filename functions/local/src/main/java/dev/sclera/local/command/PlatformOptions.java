package dev.sclera.local.command;

import dev.sclera.cost.Platform;
import dev.sclera.cost.Prices;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What campaigns would run on, and what is assumed of it. */
final class PlatformOptions {

    @Option(
            names = "--architecture",
            description = "Of the functions: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Platform.Architecture architecture = Platform.Architecture.X86;

    @Option(names = "--memory", paramLabel = "MB", description = "Of a function. Default: ${DEFAULT-VALUE}.")
    private int memory = 4096;

    @Option(
            names = "--core-speed",
            description = "Speed of a function's processor beside a core here. Default: ${DEFAULT-VALUE}, assumed.")
    private double coreSpeed = 1;

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "For how long an invocation works before it saves itself. Default: ${DEFAULT-VALUE}, as"
                    + " deployed: 900 less the reserve of 30 and the overhead.")
    private double deadline = 868;

    @Option(
            names = "--redelivery",
            paramLabel = "SECONDS",
            description = "From when a queue handed over a step that ran out of time until it does again. Default:"
                    + " ${DEFAULT-VALUE}, as deployed: the timeout and 60.")
    private double redelivery = 960;

    @Option(
            names = "--overhead",
            paramLabel = "SECONDS",
            description = "What an invocation takes beside its work. Default: ${DEFAULT-VALUE}, assumed.")
    private double overhead = 2;

    @Option(
            names = "--images-per-invocation",
            description = "Of an evaluation that is fanned out. Default: ${DEFAULT-VALUE}, 16 shards.")
    private int imagesPerInvocation = 4096;

    @Option(names = "--gpu", description = "The instances that fine-tune. Default: ${DEFAULT-VALUE}.")
    private String gpu = "g5.xlarge";

    @Option(
            names = "--gpu-speed-up",
            description = "Speed of its GPU beside this machine. Default: ${DEFAULT-VALUE}, assumed.")
    private double gpuSpeedUp = 25;

    @Option(
            names = "--job-start",
            paramLabel = "SECONDS",
            description = "From a job's submission to its first step. Default: ${DEFAULT-VALUE}, assumed.")
    private double jobStart = 240;

    @Option(
            names = "--spot-share",
            description = "Share of the instance hours on the spot market. Default: ${DEFAULT-VALUE}, assumed.")
    private double spotShare = 0.9;

    @Option(
            names = "--no-perturbed",
            description = "Reckon without writing perturbed images, which no evaluation needs.")
    private boolean withoutPerturbed;

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "Prices of yours, as YAML, in place of those that come along; any of: lambdaGbSecondX86,"
                    + " lambdaGbSecondArm, lambdaMillionRequests, s3ThousandWrites, s3ThousandReads, s3GbMonth,"
                    + " eventsMillion, sqsMillion, logsGb, gpuHours.")
    private @Nullable Path prices;

    Platform platform() {
        return new Platform(
                architecture,
                memory,
                Runtime.getRuntime().availableProcessors(),
                coreSpeed,
                deadline,
                redelivery,
                overhead,
                imagesPerInvocation,
                gpu,
                gpuSpeedUp,
                jobStart,
                spotShare,
                !withoutPerturbed);
    }

    Prices prices() {
        return PriceFile.read(prices);
    }

    /** What stands behind the figures, and where it is from. */
    List<List<String>> sources(Platform platform, Prices prices) {
        return List.of(
                List.of("cores here", Integer.toString(platform.coresHere()), "counted"),
                List.of(
                        "function",
                        "%d MB %s, %s processors"
                                .formatted(
                                        memory,
                                        architecture.name().toLowerCase(Locale.ROOT),
                                        number(platform.processors())),
                        "documented: one per 1769 MB"),
                List.of("a processor beside a core here", number(coreSpeed), "assumed"),
                List.of("seconds of work per invocation", number(deadline), "as deployed"),
                List.of("seconds until a step comes again", number(redelivery), "as deployed; simulated"),
                List.of("seconds beside it", number(overhead), "assumed"),
                List.of("images per invocation", Integer.toString(imagesPerInvocation), "chosen"),
                List.of("gradients, training steps", "2.5 and 5 times as long as grading", "measured: bench"),
                List.of(gpu + " beside this machine", number(gpuSpeedUp) + " times as fast", "assumed"),
                List.of("start of a job", number(jobStart) + " s", "assumed"),
                List.of("share on spot", number(spotShare), "assumed"),
                List.of("requests per invocation", "13 reads, 3 to 8 writes, and shards", "counted, at most"),
                List.of("log per invocation", "4 kB", "assumed"),
                List.of(
                        "prices",
                        prices.region() + " " + prices.asOf(),
                        "list prices: prices.yaml says how far they were checked"));
    }

    static String number(double value) {
        return value == Math.rint(value) ? "%.0f".formatted(value) : "%.2f".formatted(value);
    }
}
