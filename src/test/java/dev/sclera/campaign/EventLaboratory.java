package dev.sclera.campaign;

import dev.sclera.defense.Ensembling;
import dev.sclera.defense.FinetuneJobs;
import dev.sclera.defense.Finetuning;
import dev.sclera.defense.OwnModels;
import dev.sclera.defense.Recrafting;
import dev.sclera.progress.Progress;
import dev.sclera.report.Thresholds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A laboratory with what campaigns by events need, for the tests of the package above. */
public final class EventLaboratory implements AutoCloseable {

    public final Laboratory laboratory;
    public final StepwiseCampaigns stepwise;
    public final OwnModels own;

    public final Finetuning finetuning;
    public final Recrafting recrafting;

    public EventLaboratory(Path folder, Path sources) throws IOException {
        this(folder, sources, Optional::empty);
    }

    /** @param repairs where repairs are made */
    public EventLaboratory(Path folder, Path sources, RepairPlace repairs) throws IOException {
        laboratory = new Laboratory(folder).furnished(sources);
        finetuning =
                new Finetuning(laboratory.artifacts, laboratory.models, laboratory.datasets, laboratory.perturbations);
        recrafting = new Recrafts(laboratory.objects, laboratory.models, Progress.none());
        stepwise = new StepwiseCampaigns(
                laboratory.campaigns,
                laboratory.artifacts,
                finetuning,
                new FinetuneJobs(laboratory.artifacts, finetuning),
                repairs,
                new OpenLeaseTerm());
        own = new OwnModels(laboratory.artifacts, new Ensembling(laboratory.artifacts, laboratory.models));
    }

    /** Another process on the same store, whose clock is made up. */
    public StepwiseCampaigns another(LeaseTerm term, Clock clock) {
        return new StepwiseCampaigns(
                laboratory.campaigns,
                laboratory.artifacts,
                finetuning,
                new FinetuneJobs(laboratory.artifacts, finetuning),
                Optional::empty,
                term,
                clock);
    }

    /** A campaign with everything in it: two attacks, a control, repairs, an ensemble, an attack anew, a verdict. */
    public static CampaignSpec spec(String model) {
        return new CampaignSpec(
                List.of(model),
                "eyes-train",
                "eyes-test",
                List.of("pgd", "ordinal", "random"),
                Laboratory.settings(16 / 255.0, 2, 7),
                RepairCampaignTest.spec(List.of("pgd"), List.of("pgd")).repair(),
                Thresholds.DEFAULT);
    }

    public Campaign runInProcess(CampaignSpec spec) {
        return laboratory.campaigns.run(spec, Progress.none());
    }

    /** The body of every object, by key. */
    public Map<String, byte[]> contents() {
        return laboratory.contents();
    }

    @Override
    public void close() {
        laboratory.close();
    }
}
