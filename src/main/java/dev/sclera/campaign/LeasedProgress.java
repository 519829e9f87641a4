package dev.sclera.campaign;

import dev.sclera.progress.HeldElsewhereException;
import dev.sclera.progress.Progress;
import dev.sclera.store.Lease;

/** Renews the lease on a step with every mark of its progress, and ends the step where somebody has taken it over. */
record LeasedProgress(Progress shown, Lease lease, LeaseTerm term, String step) implements Progress {

    @Override
    public Task start(String name, long total) {
        Task task = shown.start(name, total);
        return task.advancing(units -> {
            task.advance(units);
            if (!lease.renew(term.term())) {
                throw new HeldElsewhereException("the step " + step, lease.expires());
            }
        });
    }
}
