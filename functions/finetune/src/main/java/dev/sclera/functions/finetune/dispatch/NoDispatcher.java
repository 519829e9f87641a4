package dev.sclera.functions.finetune.dispatch;

import dev.sclera.defense.Dispatched;
import dev.sclera.defense.FinetuneJob;
import dev.sclera.defense.JobDispatcher;
import dev.sclera.store.Keys;
import jakarta.inject.Singleton;

/** Starts nothing: the job waits in the store for whoever runs the job program on it. */
@Singleton
public class NoDispatcher implements JobDispatcher {

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Dispatched dispatch(FinetuneJob job) {
        return Dispatched.started(
                name(), job.id(), "java -jar sclera-job.jar, on " + Keys.finetuneFile(job.id(), "job.json"));
    }
}
