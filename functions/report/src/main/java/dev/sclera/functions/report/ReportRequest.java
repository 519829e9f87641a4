package dev.sclera.functions.report;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.sclera.store.StrictRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to report; the evaluations must be there.
 *
 * @param title shown on top; made from the names by default
 * @param dataset the dataset's name, or the key of its {@code dataset.json}
 * @param models the models' names, or keys, in the report's order
 * @param perturbations the perturbations' ids, or keys of their records, in the report's order; none by default
 */
@JsonDeserialize(using = StrictRecord.class)
public record ReportRequest(
        @Nullable String title,
        @Nullable String dataset,
        @Nullable List<String> models,
        @Nullable List<String> perturbations) {}
