package dev.sclera.events;

/** The types of events, as CloudEvents and EventBridge ({@code detail-type}) name them. */
public final class EventTypes {

    /** An object was written that may be a model; calls the function {@code uploaded}. */
    public static final String UPLOADED = "dev.sclera.uploaded";

    /** A step of a campaign is to be done; calls the function {@code campaign-step}. */
    public static final String STEP = "dev.sclera.campaign-step";

    /** A step of a campaign is done; calls the function {@code campaign-advance}. */
    public static final String STEP_DONE = "dev.sclera.campaign-step-done";

    /** A fine-tuning job has ended; calls the function {@code finetune-ended}. */
    public static final String FINETUNE_ENDED = "dev.sclera.finetune-ended";

    /** An upload started no campaign, and why; for whoever uploaded it. */
    public static final String UPLOAD_REFUSED = "dev.sclera.upload-refused";

    /** A campaign is done. */
    public static final String FINISHED = "dev.sclera.campaign-finished";

    /** A step of a campaign was given up, so that the campaign does not go on by itself. */
    public static final String FAILED = "dev.sclera.campaign-failed";

    /** A campaign is done, and its verdict is a fail. */
    public static final String VERDICT_FAILED = "dev.sclera.verdict-failed";

    private EventTypes() {}
}
