package dev.sclera.store;

/** Where artifacts are in the bucket. What Sclera derives is below an id; what users name is below that name. */
public final class Keys {

    private Keys() {}

    /** A model as its owner uploads it; {@code models/} is all that users write to. */
    public static String model(String model) {
        return "models/" + model + "/model.onnx";
    }

    /** A model's descriptor. */
    public static String descriptor(String model) {
        return "models/" + model + "/model.json";
    }

    /** That a model passed its self-test, under the id of what was tested. */
    public static String selfTest(String model, String id) {
        return "models/" + model + "/self-test/" + id + ".json";
    }

    /** A photograph that a user put there to have it graded. */
    public static String upload(String file) {
        return "uploads/" + file;
    }

    /** A dataset's record. */
    public static String dataset(String dataset) {
        return "datasets/" + dataset + "/dataset.json";
    }

    /** A file of a dataset, for example {@code shards/00000.pixels.npy}. */
    public static String datasetFile(String dataset, String file) {
        return "datasets/" + dataset + "/" + file;
    }

    /** A perturbation's record. */
    public static String perturbation(String id) {
        return "perturbations/" + id + "/perturbation.json";
    }

    /** A file of a perturbation, for example {@code delta.npy}. */
    public static String perturbationFile(String id, String file) {
        return "perturbations/" + id + "/" + file;
    }

    /** A perturbed dataset's record. */
    public static String perturbed(String dataset, String perturbation) {
        return "perturbed/" + dataset + "/" + perturbation + "/manifest.json";
    }

    /** A file of a perturbed dataset, for example {@code images/0a1b.png}. */
    public static String perturbedFile(String dataset, String perturbation, String file) {
        return "perturbed/" + dataset + "/" + perturbation + "/" + file;
    }

    /**
     * A file of the predictions of one model on one variant of a dataset.
     *
     * @param model the model's name and the first digits of its id, so that a new upload under an old name has its own
     * @param dataset likewise
     * @param variant {@code clean} or a perturbation's id
     */
    public static String predictions(String model, String dataset, String variant, String file) {
        return "predictions/" + model + "/" + dataset + "/" + variant + "/" + file;
    }

    /** An evaluation's record. */
    public static String evaluation(String id) {
        return "evaluations/" + id + ".json";
    }

    /** The record of a repaired model. */
    public static String finetune(String id) {
        return finetuneFile(id, "finetune.json");
    }

    /** A file of a fine-tuning job, for example {@code job.json}. */
    public static String finetuneFile(String id, String file) {
        return "finetunes/" + id + "/" + file;
    }

    /** The record of an ensemble. */
    public static String ensemble(String id) {
        return "ensembles/" + id + ".json";
    }

    /** A file of a campaign, for example {@code spec.json}. */
    public static String campaignFile(String id, String file) {
        return "campaigns/" + id + "/" + file;
    }

    /** That a step of a campaign is done, and what came of it. */
    public static String campaignStep(String id, String step) {
        return campaignFile(id, "steps/" + step + ".json");
    }

    /** That a campaign does not go on by itself. */
    public static String campaignFailure(String id, int number) {
        return campaignFile(id, "failures/%05d.json".formatted(number));
    }

    /** Below which are the leases on a step of a campaign, without a slash at the end. */
    public static String campaignLeases(String id, String step) {
        return campaignFile(id, "leases/" + step);
    }

    /** An event that could not be dealt with. */
    public static String deadLetter(String id) {
        return "dead-letters/" + id + ".json";
    }

    /** A report's record. */
    public static String report(String id) {
        return "reports/" + id + "/report.json";
    }

    /** A file of a report, for example {@code report.html}. */
    public static String reportFile(String id, String file) {
        return "reports/" + id + "/" + file;
    }

    /**
     * That a schedule was kept.
     *
     * @param id the schedule's
     * @param due the time, as a part of a key
     */
    public static String scheduled(String id, String due) {
        return "schedules/" + id + "/" + due + ".json";
    }
}
