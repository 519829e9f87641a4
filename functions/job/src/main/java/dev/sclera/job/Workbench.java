package dev.sclera.job;

import dev.sclera.campaign.Recrafts;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Perturbations;
import dev.sclera.defense.EpochLine;
import dev.sclera.defense.Finetune;
import dev.sclera.defense.Finetuning;
import dev.sclera.model.ComputeConfig;
import dev.sclera.model.Models;
import dev.sclera.progress.Interruption;
import dev.sclera.progress.LogProgress;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.S3Access;
import dev.sclera.store.S3ObjectStore;
import dev.sclera.store.StoreConfig;
import io.smallrye.config.SmallRyeConfig;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that a job needs of the library, put together by hand. */
final class Workbench implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workbench.class);

    private final S3Access access;
    private final S3ObjectStore objects;
    private final Finetuning finetuning;
    private final Recrafts recrafts;
    private final Progress progress = new LogProgress();

    private Workbench(S3Access access, ComputeConfig compute) {
        this.access = access;
        objects = new S3ObjectStore(access);
        Artifacts artifacts = new Artifacts(objects);
        Models models = new Models(artifacts, compute);
        finetuning = new Finetuning(artifacts, models, new Datasets(artifacts), new Perturbations(artifacts));
        recrafts = new Recrafts(objects, models, progress);
    }

    static Workbench open(SmallRyeConfig config) {
        return new Workbench(
                S3Access.of(config.getConfigMapping(StoreConfig.class)), config.getConfigMapping(ComputeConfig.class));
    }

    void run(String id, Interruption interruption) {
        LOG.info("Job {} in the {}.", id, access.description());
        Finetune finetune = finetuning.run(id, recrafts, interruption, progress);
        EpochLine best = finetune.log().get(finetune.bestEpoch());
        LOG.info(String.format(
                Locale.ROOT,
                "Done: models/%s/model.onnx, of epoch %d; quadratic kappa %.3f clean, %.3f under attack.",
                finetune.name(),
                finetune.bestEpoch(),
                best.cleanQuadraticKappa(),
                best.attackedQuadraticKappa()));
        finetune.notes().forEach(LOG::warn);
    }

    @Override
    public void close() {
        objects.close();
    }
}
