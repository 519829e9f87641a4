package dev.sclera.local.command;

import dev.sclera.local.Operations;
import dev.sclera.store.JsonFormat;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that works on the store. */
public abstract class StoreCommand {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-w", "--workspace"},
            paramLabel = "FOLDER",
            description = {
                "The folder that holds all artifacts; made where it is not there. Default: ./sclera-workspace.",
                "With SCLERA_STORE_BUCKET in the environment, that S3 bucket is the store instead."
            })
    private @Nullable Path workspace;

    @Option(
            names = "--json",
            description = "Print the result as JSON, for programs; everything else goes to the error stream anyway.")
    private boolean json;

    @Mixin
    private HelpOption help;

    /** The settings that the application is started with on behalf of this command. */
    public Map<String, String> configuration() {
        Map<String, String> settings = new TreeMap<>();
        // nobody needs a server for a command
        settings.put("quarkus.http.host-enabled", "false");
        if (workspace != null) {
            settings.put("sclera.local.workspace", workspace.toString());
        }
        return settings;
    }

    /**
     * Does what the command is for.
     *
     * @return the exit code
     */
    abstract int run(Operations operations);

    /** Says something on the error stream, where it does not get between a program and the result. */
    void tell(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.print(text);
        err.flush();
    }

    /** Prints a result: as JSON for programs, or else as text for people. */
    void print(Object result, Supplier<String> text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? new String(JsonFormat.write(result), StandardCharsets.UTF_8) : text.get());
        out.flush();
    }
}
