package dev.sclera.local.command;

import dev.sclera.cost.Bill;
import dev.sclera.cost.Platform;
import dev.sclera.cost.Prices;
import dev.sclera.simulation.CloudSimulation;
import dev.sclera.simulation.Outcome;
import dev.sclera.simulation.Scenario;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a simulated cloud allows. */
final class SimulationOptions {

    @Option(
            names = "--over",
            paramLabel = "SECONDS",
            description = "Models are uploaded within this time. Default: ${DEFAULT-VALUE}, an hour.")
    private double over = 3600;

    @Option(names = "--seed", description = "Of arrivals and times. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--concurrency",
            description =
                    "Functions at a time, of the account. Default: ${DEFAULT-VALUE}, what an account begins with.")
    private int concurrency = 1000;

    @Option(
            names = "--evaluate-concurrency",
            description = "Maximum concurrency of evaluate's queue. Default: nine tenths of the account's.")
    private @Nullable Integer evaluate;

    @Option(
            names = "--burst",
            description = "New environments of a function in 10 s. Default: ${DEFAULT-VALUE}, documented.")
    private int burst = 1000;

    @Option(names = "--cold-start", paramLabel = "SECONDS", description = "Default: ${DEFAULT-VALUE}, assumed.")
    private double coldStart = 2;

    @Option(
            names = "--events-per-second",
            description = "That the event bus takes. Default: ${DEFAULT-VALUE}: us-east-1's;"
                    + " us-east-2 and many others take 2400 or less.")
    private double events = 10_000;

    @Option(names = "--gpus", description = "Jobs at a time. Default: ${DEFAULT-VALUE}.")
    private int gpus = 32;

    /** S3 documents 5,500 reads and 3,500 writes a second per prefix. */
    private Scenario scenario(int models) {
        return new Scenario(
                models,
                over,
                seed,
                0.1,
                concurrency,
                evaluate == null ? Math.max(1, concurrency * 9 / 10) : evaluate,
                burst,
                coldStart,
                events,
                5500,
                3500,
                gpus);
    }

    /** Simulates, and tells. */
    void run(SizeOptions.Sized sized, Platform platform, Prices prices, StoreCommand command) {
        Scenario scenario = scenario(Math.toIntExact(sized.campaigns()));
        Outcome outcome =
                new CloudSimulation(sized.plan(), sized.trainImages(), sized.testImages(), platform).run(scenario);
        Bill bill = Bill.of(outcome.usage(), platform, prices);
        command.print(new Simulated(scenario, platform, outcome, bill), () -> OutcomeText.of(outcome, bill));
    }

    /** All of it, for programs. */
    private record Simulated(Scenario scenario, Platform platform, Outcome outcome, Bill bill) {}
}
