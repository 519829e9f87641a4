package dev.sclera.events;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CampaignSpec;
import dev.sclera.defense.OwnModels;
import dev.sclera.events.CampaignEvents.Started;
import dev.sclera.events.UploadAnswer.Outcome;
import dev.sclera.model.Models;
import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.StorageException;
import dev.sclera.problem.UnusableInputException;
import dev.sclera.store.ArtifactName;
import dev.sclera.store.ObjectCreated;
import dev.sclera.store.ObjectState;
import dev.sclera.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that is uploaded starts a campaign. What Sclera writes below {@code models/} itself never does, and the same
 * model uploaded twice is one campaign, for a campaign's id follows from what it is about.
 */
public final class Uploads {

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private static final Pattern MODEL = Pattern.compile("models/([^/]+)/model\\.onnx");

    private final ObjectStore objects;
    private final Models models;
    private final OwnModels own;
    private final CampaignEvents campaigns;
    private final EventBus bus;
    private final UploadPolicy policy;

    public Uploads(
            ObjectStore objects,
            Models models,
            OwnModels own,
            CampaignEvents campaigns,
            EventBus bus,
            UploadPolicy policy) {
        this.objects = requireNonNull(objects, "objects is null");
        this.models = requireNonNull(models, "models is null");
        this.own = requireNonNull(own, "own is null");
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.bus = requireNonNull(bus, "bus is null");
        this.policy = requireNonNull(policy, "policy is null");
    }

    /** Whether a key is that of a model, by its form. */
    public static boolean isModel(String key) {
        return MODEL.matcher(key).matches();
    }

    /**
     * Deals with an object that was written.
     *
     * @throws InvalidValueException where what is asked of models is not allowed
     * @throws StorageException where the store does not answer; the event may come again
     */
    public UploadAnswer take(ObjectCreated object) {
        UploadAnswer answer = decide(object);
        LOG.info("{}: {}. {}", answer.key(), answer.outcome(), answer.detail());
        if (answer.outcome() == Outcome.REFUSED) {
            bus.publish(Event.now(
                    EventTypes.UPLOAD_REFUSED, answer.key(), Map.of("key", answer.key(), "detail", answer.detail())));
        }
        return answer;
    }

    private UploadAnswer decide(ObjectCreated object) {
        Matcher matcher = MODEL.matcher(object.key());
        if (!matcher.matches()) {
            return answer(object, Outcome.IGNORED, "The key is not models/<name>/model.onnx.");
        }
        if (policy.bucket() != null
                && object.bucket() != null
                && !policy.bucket().equals(object.bucket())) {
            return answer(object, Outcome.IGNORED, "It lies in the bucket \"%s\".".formatted(object.bucket()));
        }
        String name = matcher.group(1);
        try {
            ArtifactName.check("model", name);
        } catch (InvalidValueException e) {
            return answer(object, Outcome.REFUSED, e.getMessage());
        }
        settle(object);
        Optional<ObjectState> now = objects.state(object.key());
        if (now.isEmpty()) {
            return answer(object, Outcome.SUPERSEDED, "There is no such object any more.");
        }
        if (object.etag() != null && !object.etag().equals(now.get().etag())) {
            return answer(object, Outcome.SUPERSEDED, "It was written anew, and that has an event of its own.");
        }
        if (now.get().size() > policy.largest()) {
            return answer(
                    object,
                    Outcome.REFUSED,
                    "It has %d bytes, and at most %d are allowed."
                            .formatted(now.get().size(), policy.largest()));
        }
        return weigh(object, name);
    }

    private UploadAnswer weigh(ObjectCreated object, String name) {
        Optional<byte[]> onnx;
        try {
            onnx = objects.find(object.key());
        } catch (CorruptArtifactException e) {
            return answer(object, Outcome.REFUSED, e.getMessage());
        }
        if (onnx.isEmpty()) {
            return answer(object, Outcome.SUPERSEDED, "There is no such object any more.");
        }
        try {
            Optional<String> made = own.madeBy(name, onnx.get());
            if (made.isPresent()) {
                return answer(object, Outcome.OWN, "Sclera made it itself: %s.".formatted(made.get()));
            }
            models.get(name);
        } catch (UnusableInputException | InvalidValueException | CorruptArtifactException e) {
            // the descriptor and the metadata are the uploader's too
            return answer(object, Outcome.REFUSED, e.getMessage());
        }
        Optional<CampaignSpec> question = policy.question().apply(name);
        if (question.isEmpty()) {
            return answer(object, Outcome.IGNORED, "Nothing is said of what to ask of uploads.");
        }
        Started started = campaigns.start(question.get());
        return started.finished()
                ? new UploadAnswer(object.key(), Outcome.FINISHED, "Its campaign was finished before.", started.id())
                : new UploadAnswer(
                        object.key(),
                        Outcome.STARTED,
                        "Its campaign has %d steps.".formatted(started.steps()),
                        started.id());
    }

    /** Waits for what is left of the quiet time; a queue with a delay before this leaves nothing. */
    private void settle(ObjectCreated object) {
        if (object.time() == null) {
            return;
        }
        Duration left = Duration.between(Instant.now(), object.time().plus(policy.quiet()));
        // a sender's clock may be ahead
        long millis = Math.min(left.toMillis(), policy.quiet().toMillis());
        if (millis > 0) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StorageException("Interrupted while waiting for an upload to settle. Try again.", e);
            }
        }
    }

    private static UploadAnswer answer(ObjectCreated object, Outcome outcome, String detail) {
        return new UploadAnswer(object.key(), outcome, detail, null);
    }
}
