package dev.sclera.job;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Which job to run, where no argument says it. */
@ConfigMapping(prefix = "sclera.job")
interface JobConfig {

    /** The job's id. */
    Optional<String> id();

    /** Where the end of the job is told, as a CloudEvent over HTTP; nobody is told where none is given. */
    Optional<URI> tell();

    /** How many seconds a job that is asked to end may take to save itself; queues kill what takes more than 30. */
    @WithDefault("25")
    int graceSeconds();
}
