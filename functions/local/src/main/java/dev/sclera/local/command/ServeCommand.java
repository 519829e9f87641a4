package dev.sclera.local.command;

import dev.sclera.local.Operations;
import dev.sclera.local.schedule.ReportSchedule;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sclera serve}. */
@Command(
        name = "serve",
        description = {
            "Serve the functions over HTTP and CloudEvents, and the store as S3, until it is stopped.",
            "",
            "POST /grade, /craft, /perturb, /evaluate, /report, /campaign, /campaign-start, /campaign-status,"
                    + " /finetune and /finetune-status take a JSON object. CloudEvents of the types dev.sclera.grade and so on are taken at any of them."
                    + " Prometheus finds meters at /q/metrics.",
            "",
            "With --on-upload, every model that comes to models/<name>/model.onnx in the workspace, by whatever S3"
                    + " client or by \"sclera model import\", starts a campaign by itself, and that ends in a verdict and"
                    + " a report. Where another S3 is the store, it tells of uploads at POST /uploaded."
        },
        footer = {
            "",
            "Example:",
            "  sclera serve --port 8080 &",
            "  curl -s localhost:8080/grade -H 'Content-Type: application/json' \\",
            "       -d '{\"model\": \"resnet18\", \"dataset\": \"clinic-test\"}'",
            "  sclera serve --schedule '0 2 * * *' --zone Europe/Berlin --report-on clinic-test"
        })
final class ServeCommand extends StoreCommand {

    @Option(names = "--host", description = "The address to listen at. Default: ${DEFAULT-VALUE}, this machine alone.")
    private String host = "127.0.0.1";

    @Option(names = "--port", description = "The port of the functions. Default: ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(names = "--s3-port", description = "The port of the store's S3 endpoint. Default: any that is free.")
    private int s3Port;

    @Option(
            names = "--traces",
            paramLabel = "URL",
            description = "Where to send traces (OTLP over gRPC), for example http://localhost:4317. Default: nowhere.")
    private @Nullable String traces;

    @Mixin
    private ScheduleOptions schedule;

    @Option(
            names = "--on-upload",
            paramLabel = "FILE",
            description = {
                "What a campaign asks of a model that is uploaded: YAML or JSON as \"sclera campaign\" reads it, without"
                        + " models.",
                "Default: what SCLERA_UPLOAD_TEMPLATE or the object campaigns/on-upload.json says; where neither says"
                        + " anything, uploads start nothing."
            })
    private @Nullable Path onUpload;

    @Override
    public Map<String, String> configuration() {
        Map<String, String> settings = super.configuration();
        settings.put("quarkus.http.host-enabled", "true");
        settings.put("quarkus.http.host", host);
        settings.put("quarkus.http.port", Integer.toString(port));
        settings.put("sclera.local.s3-port", Integer.toString(s3Port));
        if (traces != null) {
            settings.put("quarkus.otel.sdk.disabled", "false");
            settings.put("quarkus.otel.exporter.otlp.endpoint", traces);
        }
        settings.put("sclera.local.events.listen", "true");
        if (onUpload != null) {
            settings.put("sclera.upload.template", CampaignFile.template(onUpload));
        }
        return settings;
    }

    @Override
    int run(Operations operations) {
        Optional<ReportSchedule> reports = schedule.schedule(operations);
        Served served = new Served(
                "http://%s:%s".formatted(host, ConfigProvider.getConfig().getValue("quarkus.http.port", String.class)),
                operations.store().description(),
                reports.map(ReportSchedule::description).orElse(null),
                operations.events().listen());
        print(
                served,
                () -> new Lines()
                        .add("functions", served.functions())
                        .add("store", served.store())
                        .add("reports", served.reports())
                        .add("uploads", served.uploads())
                        .add("stop", "Ctrl-C")
                        .toString());
        Thread clock = reports.map(schedule::started).orElse(null);
        Quarkus.waitForExit();
        if (clock != null) {
            clock.interrupt();
        }
        return 0;
    }

    /** What is served where. */
    private record Served(
            String functions, String store, @Nullable String reports, String uploads) {}
}
