package dev.sclera.campaign;

import dev.sclera.defense.JobDispatcher;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Steps repair here and now, wherever nobody says otherwise. */
@Singleton
final class RepairsHere implements RepairPlace {

    @Override
    public Optional<JobDispatcher> dispatcher() {
        return Optional.empty();
    }
}
