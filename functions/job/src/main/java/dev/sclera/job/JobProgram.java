package dev.sclera.job;

import dev.sclera.defense.FinetuneInterruptedException;
import dev.sclera.model.ComputeConfig;
import dev.sclera.problem.ExitCode;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.ProblemException;
import dev.sclera.problem.ProblemKind;
import dev.sclera.problem.StorageException;
import dev.sclera.store.StoreConfig;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one fine-tuning job, to its end or until it is asked to end; started again, it goes on. */
public final class JobProgram {

    /** What a shell says of a program that SIGTERM ended. */
    private static final int INTERRUPTED = 143;

    private static final String USAGE = """
            Usage: java -jar sclera-job.jar [JOB_ID]

            Runs the fine-tuning job that finetunes/JOB_ID/job.json describes, and goes on where an earlier run of it
            was cut off. Environment, or system properties in lower case with dots:

              SCLERA_JOB_ID           the job, where no argument names it
              SCLERA_JOB_GRACE_SECONDS  how long it may take to save itself on SIGTERM (25)
              SCLERA_JOB_TELL         where its end is told, as a CloudEvent over HTTP; nobody is told where it is not set
              SCLERA_STORE_BUCKET     the bucket that holds the artifacts
              SCLERA_STORE_ENDPOINT   its S3 endpoint, where it is not AWS' own
              SCLERA_STORE_REGION     its region (us-east-1)
              SCLERA_STORE_ACCESS_KEY, SCLERA_STORE_SECRET_KEY
                                      credentials, where AWS' default chain finds none
              SCLERA_COMPUTE          auto, cpu or cuda (auto)

            Exit codes: 0 done; 2 to 6 the job cannot be done as it is, and trying again will not help; 7 the store, or who
            is to be told of the end, did not answer or refused, so try again; 143 asked to end, and saved, so start it again; 1 an error that nobody
            foresaw. status.json beside job.json says the same in words.
            """;

    private JobProgram() {}

    /** Runs the job that the argument or the configuration names. */
    public static void main(String... arguments) {
        if (arguments.length == 1 && (arguments[0].equals("--help") || arguments[0].equals("-h"))) {
            System.out.print(USAGE);
            return;
        }
        JobLog.install();
        System.exit(run(arguments));
    }

    private static int run(String... arguments) {
        return code(() -> {
            SmallRyeConfig config = new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDefaultSources()
                    .withMapping(StoreConfig.class)
                    .withMapping(ComputeConfig.class)
                    .withMapping(JobConfig.class)
                    .build();
            JobConfig job = config.getConfigMapping(JobConfig.class);
            String id = id(job, arguments);
            int code = code(() -> {
                run(id, config);
                return 0;
            });
            if (isTheEnd(code)) {
                job.tell().ifPresent(sink -> tell(id, sink, code));
            }
            return code;
        });
    }

    /**
     * A job that succeeded and cannot tell is started again, and tells again; one that failed would be trained again.
     */
    private static void tell(String id, URI sink, int code) {
        try {
            new EndOfJob(id).tell(sink);
        } catch (StorageException e) {
            if (code == 0) {
                throw e;
            }
            LoggerFactory.getLogger(JobProgram.class).error("The end could not be told: {}", e.getMessage());
        }
    }

    /** Not where it is to be started again. */
    private static boolean isTheEnd(int code) {
        return code == 0 || code >= ProblemKind.INVALID_VALUE.exitCode() && code < ProblemKind.STORAGE.exitCode();
    }

    private static int code(IntSupplier program) {
        Logger log = LoggerFactory.getLogger(JobProgram.class);
        try {
            return program.getAsInt();
        } catch (FinetuneInterruptedException e) {
            log.warn(e.getMessage());
            return INTERRUPTED;
        } catch (ProblemException e) {
            log.error(e.getMessage());
            return ExitCode.of(e);
        } catch (ConfigValidationException e) {
            // it names the property and the value
            log.error(e.getMessage());
            return ExitCode.USAGE;
        } catch (RuntimeException e) {
            log.error("An error that nobody foresaw; please report it with what follows.", e);
            return ExitCode.UNEXPECTED;
        }
    }

    private static String id(JobConfig config, String... arguments) {
        if (arguments.length > 1) {
            throw new InvalidValueException("JOB_ID", String.join(" ", arguments), "one job's id");
        }
        String said = arguments.length == 1 ? arguments[0] : config.id().orElse("");
        if (!said.matches("[0-9a-f]{64}")) {
            throw new InvalidValueException(
                    "JOB_ID",
                    said.isEmpty() ? "none" : said,
                    "the 64 hexadecimal digits of a job's id, as argument or in the environment variable SCLERA_JOB_ID");
        }
        return said;
    }

    private static void run(String id, SmallRyeConfig config) {
        try (EndSignal signal = EndSignal.install(
                        config.getConfigMapping(JobConfig.class).graceSeconds());
                Workbench workbench = Workbench.open(config)) {
            workbench.run(id, signal);
        }
    }
}
