package dev.sclera.local.command;

import dev.sclera.campaign.Campaign;
import dev.sclera.campaign.CampaignSpec;
import dev.sclera.local.Operations;
import dev.sclera.report.Report;
import dev.sclera.report.ReportTable;
import dev.sclera.store.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sclera run}. */
@Command(
        name = "run",
        description = {
            "The whole way: import, grade, craft, perturb, evaluate, report.",
            "",
            "Every model is evaluated clean, under random noise, under the perturbations crafted against it"
                    + " (white-box), and under those crafted against the others (transfer). What is there already is not"
                    + " done again, so a run that was cut off goes on where it was."
        },
        footer = {
            "",
            "Example:",
            "  sclera run --data test-folder --train train-folder --models models-folder \\",
            "             --attacks pgd,random --epsilon 8/255"
        })
final class RunCommand extends StoreCommand {

    @Option(
            names = "--data",
            required = true,
            paramLabel = "SOURCE",
            description = "What is evaluated: a folder or .npz as \"import\" takes it, or the name of a dataset.")
    private String data;

    @Option(
            names = "--train",
            paramLabel = "SOURCE",
            description = "What perturbations are crafted on, likewise. Default: --data is divided, half for each.")
    private @Nullable String train;

    @Option(
            names = "--models",
            required = true,
            split = ",",
            paramLabel = "MODEL",
            description = "ONNX files, folders of them, or names of models in the store.")
    private List<String> models;

    @Option(
            names = "--attacks",
            split = ",",
            paramLabel = "ATTACK",
            description = "Attacks by name; \"sclera attacks\" lists them. Default: ${DEFAULT-VALUE}.",
            defaultValue = "pgd,random")
    private List<String> attacks;

    @Option(names = "--size", description = "Rows and columns of the canonical images, as for \"import\".")
    private @Nullable Integer size;

    @Option(names = "--crop", description = "Crop each photograph to the bounding circle of its fundus.")
    private boolean crop;

    @Mixin
    private CraftOptions options;

    @Override
    int run(Operations operations) {
        // before anything is imported: a mistake here must cost nothing
        spec(List.of("any"), new RunInputs.Splits("train", "test")).crafts();
        RunInputs inputs = new RunInputs(operations, size, crop, options.seed);
        // before the datasets, which take longer: a model that cannot be used is told at once
        List<String> graders = inputs.models(models);
        RunInputs.Splits splits = inputs.datasets(data, train);
        CampaignSpec spec = spec(graders, splits);
        Campaign campaign = operations.campaigns().run(spec, operations.progress());
        Report report = operations.artifacts().get("report", Keys.report(campaign.report()), Report.class);
        print(
                report,
                () -> ReportTable.of(report.rows())
                        + new Lines().add("report", operations.store().place(report.page())));
        return 0;
    }

    private CampaignSpec spec(List<String> graders, RunInputs.Splits splits) {
        return new CampaignSpec(graders, splits.train(), splits.test(), attacks, options.settings());
    }
}
