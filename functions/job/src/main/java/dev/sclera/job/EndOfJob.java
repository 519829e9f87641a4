package dev.sclera.job;

import dev.sclera.events.Event;
import dev.sclera.events.EventTypes;
import dev.sclera.functions.broker.HttpBroker;
import dev.sclera.problem.StorageException;
import java.net.URI;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** That a job has ended, well or not, for whoever waits for it: campaigns whose repairs are made by jobs. */
record EndOfJob(String id) {

    private static final Logger LOG = LoggerFactory.getLogger(EndOfJob.class);

    private static final int TRIES = 3;
    private static final long PAUSE_MILLIS = 2_000;

    /** @throws StorageException where nobody takes it; whoever starts the job again finds it ended, and tells again */
    void tell(URI sink) {
        HttpBroker broker = new HttpBroker(sink);
        Event event = Event.now(EventTypes.FINETUNE_ENDED, id, Map.of("job", id));
        for (int tried = 1; ; tried++) {
            try {
                broker.publish(event);
                return;
            } catch (StorageException e) {
                if (tried == TRIES) {
                    throw e;
                }
                LOG.warn("{}", e.getMessage());
                pause(e);
            }
        }
    }

    private static void pause(StorageException failure) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
