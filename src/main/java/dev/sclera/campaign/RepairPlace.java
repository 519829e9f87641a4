package dev.sclera.campaign;

import dev.sclera.defense.JobDispatcher;
import java.util.Optional;

/** Where campaigns that are run by events have models repaired. */
public interface RepairPlace {

    /** Who sends repairs to where they run; none where a step repairs here and now. */
    Optional<JobDispatcher> dispatcher();
}
