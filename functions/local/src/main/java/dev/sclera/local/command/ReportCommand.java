package dev.sclera.local.command;

import dev.sclera.functions.report.ReportRequest;
import dev.sclera.functions.report.ReportResult;
import dev.sclera.local.Operations;
import dev.sclera.report.Report;
import dev.sclera.report.ReportTable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sclera report}. */
@Command(
        name = "report",
        description =
                "Report evaluations as one page, tables and figures. The evaluations must be there, or --evaluate makes them.",
        footer = {
            "",
            "Example:",
            "  sclera report --dataset clinic-test --models resnet18,mobilenetv2 --perturbations 3f9a41,b07c55",
            "  sclera report --dataset clinic-test --models '*' --perturbations '*' --evaluate"
        })
final class ReportCommand extends StoreCommand {

    @Option(names = "--dataset", required = true, description = "The dataset's name.")
    private String dataset;

    @Option(
            names = "--models",
            required = true,
            split = ",",
            description = "The models' names; '*' for all that there are.")
    private List<String> models;

    @Option(
            names = "--perturbations",
            split = ",",
            description = "The perturbations' ids; first digits suffice; '*' for all of the dataset's size.")
    private List<String> perturbations = List.of();

    @Option(names = "--evaluate", description = "Evaluate first what was not evaluated yet.")
    private boolean evaluate;

    @Option(names = "--title", description = "Shown on top. Default: made from the names.")
    private @Nullable String title;

    @Override
    int run(Operations operations) {
        ReportResult result =
                operations.report().report(new ReportRequest(title, dataset, models, perturbations, evaluate));
        result.leftOut().forEach(left -> tell("sclera: left out %s: %s%n".formatted(left.model(), left.why())));
        Report report = operations.artifacts().get("report", result.report(), Report.class);
        print(
                report,
                () -> ReportTable.of(report.rows())
                        + new Lines().add("report", operations.store().place(result.page())));
        return 0;
    }
}
