package dev.sclera.local.command;

import dev.sclera.dataset.SyntheticRecord;
import dev.sclera.local.Operations;
import dev.sclera.local.demo.Demo;
import dev.sclera.local.demo.DemoSize;
import dev.sclera.report.RepairText;
import dev.sclera.report.Report;
import dev.sclera.report.ReportTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sclera demo}. */
@Command(
        name = "demo",
        description = {
            "All of it on data that Sclera makes itself, in a few minutes: no photograph, no model needed.",
            "",
            "Draws synthetic photographs, trains two small graders on them, attacks those in three ways, repairs them by"
                    + " fine-tuning, puts the repaired ones together, attacks them anew, and reports. Ctrl-C at any time:"
                    + " the same command goes on from there, and once it is done shows the result at once."
        },
        footer = {"", DemoCommand.NEXT})
final class DemoCommand extends StoreCommand {

    /** What to do after the demo. */
    static final String NEXT = """
            Next, with your own graders and photographs:
              ./sclera model check grader.onnx    can it be attacked, and is its gradient right?
              ./sclera run --data TEST --train TRAIN --models grader.onnx --attacks pgd,random --epsilon 4/255
                                                  TEST and TRAIN: folders with a labels.csv (columns image,grade);
                                                  grader.json beside the grader: its inputSize, mean and std
              ./sclera attacks                    which attacks there are, and their papers
              ./sclera help campaign              attack, repair, attack anew, judge: what this demo did
            """;

    @Option(names = "--seed", description = "Of all that is random. Default: ${DEFAULT-VALUE}.", defaultValue = "0")
    private long seed;

    @Option(
            names = "--quick",
            description = "In seconds: every step on so few and small photographs that the figures mean nothing.")
    private boolean quick;

    @Override
    int run(Operations operations) {
        String line = System.lineSeparator();
        Report report =
                new Demo(quick ? DemoSize.QUICK : DemoSize.USUAL, seed).run(operations, why -> tell(line + why + line));
        print(
                report,
                () -> ReportTable.of(report.rows())
                        + RepairText.of(report)
                        + new Lines()
                                .add("report", operations.store().place(report.page()))
                                .add("note", SyntheticRecord.NOTE)
                        + line
                        + NEXT);
        return 0;
    }
}
