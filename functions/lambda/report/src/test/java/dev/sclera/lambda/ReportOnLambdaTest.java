package dev.sclera.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasSize;

import dev.sclera.attack.CraftSpec;
import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Perturbation;
import dev.sclera.model.Model;
import dev.sclera.progress.Progress;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The artifact of the function report, as Lambda invokes it. */
@QuarkusTest
@QuarkusTestResource(FurnishedStore.class)
class ReportOnLambdaTest {

    @Inject
    ObjectStore objects;

    @Test
    void reportsWhatOthersEvaluated() {
        String perturbation;
        Path workspace = ConfigProvider.getConfig().getValue(FurnishedStore.WORKSPACE, Path.class);
        try (Laboratory laboratory = new Laboratory(workspace)) {
            Model model = laboratory.models.get("tiny-1");
            Dataset test = laboratory.datasets.get("eyes-test");
            Perturbation crafted = laboratory.crafting.craft(
                    new CraftSpec("pgd", List.of("tiny-1"), "eyes-train", Laboratory.settings(0.1, 2, 1)),
                    Progress.none());
            laboratory.evaluating.evaluate(model, test, null, Progress.none());
            laboratory.evaluating.evaluate(model, test, crafted, Progress.none());
            perturbation = crafted.id();
        }
        String page = Lambda.invoke("report", Lambda.recorded("report.event", Map.of("perturbation", perturbation)))
                .statusCode(200)
                .body("files", hasSize(6))
                .body("page", endsWith("/report.html"))
                .extract()
                .path("page");
        assertThat(objects.exists(page)).isTrue();
    }

    @Test
    void runsNoModelNotEvenToTestIt() {
        String tests = Keys.selfTest("tiny-2", "");
        String folder = tests.substring(0, tests.lastIndexOf('/') + 1);
        objects.list(folder).forEach(objects::delete);
        Lambda.invoke("report", "{'models': ['tiny-2'], 'dataset': 'eyes-test'}")
                .body("errorMessage", containsString("There is no evaluation of model"));
        assertThat(objects.list(folder)).isEmpty();
    }

    @Test
    void isTheOnlyFunctionHere() {
        Lambda.invoke("grade", "{}").body("errorMessage", containsString("one of report."));
    }
}
