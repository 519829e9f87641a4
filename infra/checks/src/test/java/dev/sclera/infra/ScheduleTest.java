package dev.sclera.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.campaign.CurrentSpec;
import dev.sclera.functions.report.ReportRequest;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What EventBridge Scheduler sends is what the function report understands. */
class ScheduleTest {

    private static final Pattern REQUEST =
            Pattern.compile("\"current-\\$\\{dataset}\" => (\\{.*?\\n *})", Pattern.DOTALL);

    private final String text = TerraformModule.text(Project.root().resolve("terraform/modules/schedule/main.tf"));

    @Test
    void theClockAsksForAllCurrentModels() {
        assertThat(request(text).spec()).isEqualTo(CurrentSpec.everything("clinic-test"));
    }

    @Test
    void aFieldThatIsMisspeltIsFound() {
        assertThatThrownBy(() -> request(text.replace("perturbations =", "perturbation =")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("perturbation");
    }

    /** The object as {@code jsonencode} would write it. */
    private static ReportRequest request(String terraform) {
        Matcher found = REQUEST.matcher(terraform);
        assertThat(found.find()).isTrue();
        String json = found.group(1)
                .replaceAll("(?m)= dataset$", "= \"clinic-test\"")
                .replaceAll("(?m)^( *\\w+) *= (.*)$", "$1: $2,")
                .replaceAll("(?m)^ *(\\w+):", "\"$1\":")
                .replaceAll(",\\s*}", "}");
        return JsonFormat.read(json.getBytes(StandardCharsets.UTF_8), ReportRequest.class);
    }
}
