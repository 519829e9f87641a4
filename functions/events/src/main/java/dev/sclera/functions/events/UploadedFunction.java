package dev.sclera.functions.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.events.Notifications;
import dev.sclera.events.UploadAnswer;
import dev.sclera.events.Uploads;
import dev.sclera.telemetry.Measured;
import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes notifications of objects, and starts a campaign for each that is a model. */
@Singleton
public class UploadedFunction {

    private final Uploads uploads;

    public UploadedFunction(Uploads uploads) {
        this.uploads = requireNonNull(uploads, "uploads is null");
    }

    /**
     * What came of a notification.
     *
     * @param objects one answer per object that it told of
     */
    public record Result(List<UploadAnswer> objects) {

        public Result {
            objects = List.copyOf(objects);
        }
    }

    /** Deals with the objects that a notification tells of. */
    @Funq("uploaded")
    @Measured("uploaded")
    public Result uploaded(@Nullable Message notification) {
        return new Result(Notifications.read(Message.require(notification)).stream()
                .map(uploads::take)
                .toList());
    }
}
