package dev.sclera.local.command;

import dev.sclera.store.Software;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code sclera}. */
@Command(
        name = "sclera",
        mixinStandardHelpOptions = true,
        versionProvider = ScleraCommand.Versions.class,
        description = {
            "Measures how easily one small universal adversarial perturbation fools a diabetic-retinopathy grader.",
            ""
        },
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ImportCommand.class,
            SynthesizeCommand.class,
            ModelCommand.class,
            TrainCommand.class,
            GradeCommand.class,
            AttacksCommand.class,
            CraftCommand.class,
            PerturbationCommand.class,
            PerturbCommand.class,
            EvaluateCommand.class,
            ReportCommand.class,
            CampaignCommand.class,
            StatusCommand.class,
            EstimateCommand.class,
            FinetuneCommand.class,
            ServeCommand.class,
            RedriveCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class,
            CompletionCommand.class
        },
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:an error that nobody foresaw",
            "2:a value or an option that is not allowed",
            "3:an input that cannot be used: a model, a dataset, an image",
            "4:something named that is not there",
            "5:something else under that name already",
            "6:a damaged artifact",
            "7:the store does not answer, refuses or is full",
            "130:ended by Ctrl-C, and saved; the same command goes on from there"
        },
        footer = {
            "",
            "No photographs and no grader at hand? This makes its own, and shows all there is:",
            "  sclera demo",
            "",
            "Everything at once, on your own photographs and graders:",
            "  sclera run --data test-folder --train train-folder --models models-folder \\",
            "             --attacks pgd,random --epsilon 8/255",
            "",
            "A folder has a labels.csv with the columns image,grade (grades 0 to 4), or one folder",
            "per grade; a model is an ONNX file. \"sclera help COMMAND\" tells more of each command."
        })
public final class ScleraCommand {

    /** A new command line, with everything it has. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new ScleraCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        line.setExecutionExceptionHandler(new Failures());
        return line;
    }

    /** The versions of Sclera and of what its figures rely on. */
    static final class Versions implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return Software.versions().entrySet().stream()
                    .map(version -> version.getKey() + " " + version.getValue())
                    .toArray(String[]::new);
        }
    }
}
