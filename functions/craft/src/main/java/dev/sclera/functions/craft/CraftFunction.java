package dev.sclera.functions.craft;

import static java.util.Objects.requireNonNull;

import dev.sclera.attack.Crafting;
import dev.sclera.progress.Progress;
import dev.sclera.store.StrictRecord;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Crafts a universal perturbation against a model. */
@Singleton
public class CraftFunction {

    private final Crafting crafting;
    private final Progress progress;

    public CraftFunction(Crafting crafting, Progress progress) {
        this.crafting = requireNonNull(crafting, "crafting is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** Crafts. */
    @Funq("craft")
    @Measured("craft")
    public CraftResult craft(@Nullable CraftRequest request) {
        return CraftResult.of(crafting.craft(StrictRecord.require(request).spec(), progress));
    }
}
