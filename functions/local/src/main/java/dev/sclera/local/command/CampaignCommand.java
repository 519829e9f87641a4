package dev.sclera.local.command;

import dev.sclera.campaign.CampaignSpec;
import dev.sclera.campaign.Plan;
import dev.sclera.functions.campaign.CampaignRequest;
import dev.sclera.functions.campaign.CampaignResult;
import dev.sclera.local.Operations;
import dev.sclera.report.RepairText;
import dev.sclera.report.Report;
import dev.sclera.report.ReportTable;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sclera campaign}. */
@Command(
        name = "campaign",
        description = {
            "Attack models, repair them, attack the repaired ones anew, and judge.",
            "",
            "For every model and attack: a perturbation; every model under every perturbation; the model fine-tuned on"
                    + " each attack, and how it then stands up to those that it has not seen; ensembles of the repaired"
                    + " ones; the attacks crafted anew against what was repaired; tests on clean images; a verdict. What"
                    + " is there already is not done again, so a campaign that was cut off goes on where it was."
        },
        footer = {
            "",
            "A campaign is a YAML or JSON file. This is enough:",
            "  models: [resnet18, mobilenetv2]",
            "  dataset: eyes              # imported with splits: eyes-train and eyes-test",
            "  attacks: [pgd, ordinal, df-uap, random]",
            "  epsilon: 8/255",
            "",
            "Examples:",
            "  sclera campaign eyes.yaml --plan",
            "  sclera campaign eyes.yaml"
        })
final class CampaignCommand extends StoreCommand {

    @Parameters(paramLabel = "SPEC", description = "The file that says what the campaign is about.")
    private Path spec;

    @Option(names = "--plan", description = "Show what would be done and about how long it takes, and do nothing.")
    private boolean planOnly;

    @Option(
            names = "--gate",
            description = "End with exit code 9 where the verdict is a fail, for a pipeline to stop at.")
    private boolean gate;

    /** What a pipeline stops at: the campaign was run, and its verdict is a fail. */
    static final int FAILED_VERDICT = 9;

    @Override
    int run(Operations operations) {
        CampaignRequest request = CampaignFile.read(spec);
        CampaignSpec asked = request.spec();
        Plan plan = operations.campaigns().plan(asked);
        if (planOnly) {
            print(plan, () -> PlanText.of(plan));
            return 0;
        }
        if (!plan.finished()) {
            tell(PlanText.of(plan));
        }
        CampaignResult result;
        do {
            result = operations.campaign().campaign(request);
        } while (result.state() == CampaignResult.State.CONTINUE);
        Report report = operations.artifacts().get("report", result.record(), Report.class);
        print(
                report,
                () -> ReportTable.of(report.rows())
                        + RepairText.of(report)
                        + new Lines().add("report", operations.store().place(report.page())));
        boolean passed = report.verdict() == null || report.verdict().passed();
        return gate && !passed ? FAILED_VERDICT : 0;
    }
}
