package dev.sclera.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The images' recipes and the stack of {@code compose}. */
class ContainersTest {

    private static final Path INFRA = Project.root().resolve("infra");

    @Test
    void imagesStandOnDigestsRunAsNoRootAndSayHowTheyAre() throws IOException {
        try (Stream<Path> files = Files.list(INFRA.resolve("containers"))) {
            List<Path> recipes = files.filter(file -> file.toString().endsWith(".Containerfile"))
                    .toList();
            assertThat(recipes).hasSize(4).allSatisfy(file -> {
                assertThat(findings(TerraformModule.text(file))).isEmpty();
                assertThat(Path.of(file + ".dockerignore")).exists();
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FROM a@${D}\\nHEALTHCHECK NONE\\nENTRYPOINT [\"x\"] | runs as root",
                "FROM a@${D}\\nUSER 1\\nUSER 0:0\\nHEALTHCHECK NONE\\nENTRYPOINT [\"x\"] | runs as root",
                "FROM a:latest\\nUSER 1:1\\nHEALTHCHECK NONE\\nENTRYPOINT [\"x\"] | stands on no digest",
                "FROM a@${D}\\nUSER 1:1\\nENTRYPOINT [\"x\"] | says nothing of its health",
                "FROM a@${D}\\nUSER 1:1\\nHEALTHCHECK NONE\\nENTRYPOINT x | is started by a shell",
            })
    void aRecipeThatIsAmissIsFound(String planted, String told) {
        assertThat(findings(planted.replace("\\n", "\n"))).containsExactly(told);
    }

    @Test
    void theStackIsSetVariablesThatThereAreAndImagesByDigest() throws IOException {
        JsonNode services = Manifests.read(INFRA.resolve("compose.yaml")).get(0).path("services");
        Set<String> known = new TreeSet<>();
        Variables.readers().values().forEach(mappings -> known.addAll(Variables.of(mappings)));
        List<String> set = new ArrayList<>();
        services.path("sclera").path("environment").fieldNames().forEachRemaining(set::add);
        assertThat(known).containsAll(set);
        assertThat(set)
                .contains("SCLERA_STORE_BUCKET", "SCLERA_STORE_ENDPOINT", "SCLERA_STORE_ACCESS_KEY", "SCLERA_COMPUTE");
        assertThat(services.path("minio").path("image").asText()).contains("@${MINIO_DIGEST:?");
        assertThat(services.path("sclera")
                        .path("build")
                        .path("args")
                        .path("BASE_DIGEST")
                        .asText())
                .startsWith("${BASE_DIGEST:?");
        Path recipe = INFRA.resolve(
                        services.path("sclera").path("build").path("context").asText())
                .resolve(
                        services.path("sclera").path("build").path("dockerfile").asText());
        assertThat(recipe).exists();
        assertThat(services)
                .allSatisfy(service -> service.path("ports")
                        .forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:")));
    }

    @Test
    void whatWatchesTheStackHasImagesByDigestAndFilesThatThereAre() throws IOException {
        JsonNode services = Manifests.read(INFRA.resolve("compose.observability.yaml"))
                .get(0)
                .path("services");
        assertThat(services).hasSize(2).allSatisfy(service -> {
            assertThat(service.path("image").asText()).matches("[^@]+@\\$\\{[A-Z]+_DIGEST:\\?.*}");
            assertThat(service.path("user").asText()).matches("[1-9]\\d*:[1-9]\\d*");
            service.path("ports").forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
            service.path("volumes").forEach(volume -> {
                String source = volume.asText().split(":")[0];
                if (source.startsWith("./")) {
                    assertThat(INFRA.resolve(source)).exists();
                }
            });
        });
    }

    private static List<String> findings(String recipe) {
        List<String> found = new ArrayList<>();
        String user = "";
        boolean health = false;
        for (String line : recipe.lines().toList()) {
            if (line.startsWith("FROM ") && !line.matches("FROM \\S+@\\$\\{\\w+\\}( AS \\w+)?")) {
                found.add("stands on no digest");
            }
            if (line.startsWith("USER ")) {
                user = line.substring(5);
            }
            health |= line.startsWith("HEALTHCHECK ");
            if (line.startsWith("ENTRYPOINT ") && !line.startsWith("ENTRYPOINT [")) {
                found.add("is started by a shell");
            }
        }
        if (!user.matches("[1-9]\\d*(:[1-9]\\d*)?")) {
            found.add("runs as root");
        }
        if (!health) {
            found.add("says nothing of its health");
        }
        return found;
    }
}
