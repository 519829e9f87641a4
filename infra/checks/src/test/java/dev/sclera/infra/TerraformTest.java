package dev.sclera.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands below {@code terraform/}, and that each check finds what it is for. */
class TerraformTest {

    private static final Path TERRAFORM = Project.root().resolve("terraform");

    private final ProviderSchema schema = ProviderSchema.load();
    private final Map<Path, TerraformModule> modules = TerraformModule.below(TERRAFORM).stream()
            .collect(Collectors.toMap(TerraformModule::folder, Function.identity()));

    @Test
    void everyModuleIsThere() {
        assertThat(modules.keySet().stream()
                        .map(folder -> TERRAFORM.relativize(folder).toString()))
                .containsExactlyInAnyOrder(
                        "",
                        "examples/complete",
                        "modules/storage",
                        "modules/functions",
                        "modules/events",
                        "modules/schedule",
                        "modules/jobs",
                        "modules/observability");
    }

    @Test
    void everyResourceHasTheArgumentsThatTheProviderWantsAndNoOthers() {
        assertThat(modules.values().stream().flatMap(TerraformModule::things)).hasSizeGreaterThan(60);
        assertThat(modules.values())
                .flatMap(module -> module.things()
                        .flatMap(block -> schema.findings(block).stream())
                        .toList())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "memory_size = 4096 | lacks role",
                "role = 1\\n memroy_size = 4096 | has no argument memroy_size",
                "role = 1\\n enviroment { } | has no block enviroment",
                "role = 1\\n ephemeral_storage {\\n sise = 1\\n } | ephemeral_storage has no argument sise",
                "role = 1\\n snap_start {\\n } | snap_start lacks apply_on",
            })
    void anArgumentThatIsMissingOrMisspeltIsFound(String planted, String told) {
        assertThat(TerraformModule.of("resource \"aws_lambda_function\" \"f\" {\n function_name = \"f\"\n "
                                + lines(planted) + "\n}")
                        .things()
                        .flatMap(block -> schema.findings(block).stream()))
                .singleElement()
                .asString()
                .contains(told);
    }

    @Test
    void aBlockThatIsMissingIsFound() {
        assertThat(TerraformModule.of("resource \"aws_s3_bucket_versioning\" \"b\" {\n bucket = \"b\"\n}")
                        .things()
                        .flatMap(block -> schema.findings(block).stream()))
                .singleElement()
                .asString()
                .contains("lacks a block versioning_configuration");
    }

    @Test
    void nothingIsAllowedEverywhereWithoutAConditionAndAComment() {
        assertThat(modules.values()).flatMap(Permissions::findings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "actions = [\"s3:*\"]\\n resources = [\"arn:aws:s3:::b\"] | without a condition",
                "actions = [\"s3:GetObject\"]\\n resources = [\"*\"] | without a condition",
                "actions = [\"s3:Get*\"]\\n resources = [\"arn:aws:s3:::b\"] | without a comment",
                "actions = [\"s3:GetObject\"]\\n resources = [\"arn:aws:s3:::*\"] | without a condition",
                "not_actions = [\"s3:GetObject\"]\\n resources = [\"arn:aws:s3:::b\"] | by what it is not",
            })
    void aWildcardRoleIsFound(String planted, String told) {
        assertThat(Permissions.findings(TerraformModule.of(
                        "data \"aws_iam_policy_document\" \"p\" {\n statement {\n" + lines(planted) + "\n}\n}")))
                .anySatisfy(finding -> assertThat(finding).contains(told));
    }

    @Test
    void aWildcardWithAConditionAndACommentIsNone() {
        String statement = "statement {\n actions = [\"batch:ListJobs\"]\n resources = [\"*\"]\n condition {\n }\n }";
        assertThat(Permissions.findings(TerraformModule.of(
                        "data \"aws_iam_policy_document\" \"p\" {\n # it takes no other\n" + statement + "\n}")))
                .isEmpty();
        assertThat(Permissions.findings(
                        TerraformModule.of("data \"aws_iam_policy_document\" \"p\" {\n" + statement + "\n}")))
                .containsExactly("text:2: a wildcard without a comment");
    }

    @Test
    void aPolicyThatIsWrittenAsTextIsFound() {
        assertThat(Permissions.findings(
                        TerraformModule.of("resource \"aws_iam_role_policy\" \"p\" {\n policy = jsonencode({})\n}")))
                .containsExactly("text:1: policy is no aws_iam_policy_document");
    }

    @Test
    void allThatIsNamedIsThereAndAllThatIsThereIsNamed() {
        References references = new References(modules, schema);
        assertThat(modules.values()).flatMap(references::findings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "output \"o\" {\\n value = var.nmae\\n} | there is no var.nmae",
                "output \"o\" {\\n value = \"x-${local.name}\"\\n} | there is no local.name",
                "output \"o\" {\\n value = aws_sqs_queue.q.arn\\n} | there is no aws_sqs_queue.q",
                "resource \"aws_sqs_queue\" \"q\" {\\n}\\n output \"o\" {\\n value = aws_sqs_queue.q.ran\\n} | no attribute ran",
                "output \"o\" {\\n value = module.m.x\\n} | there is no module.m.x",
                "module \"m\" {\\n source = \"./none\"\\n} | nothing at its source",
                "variable \"v\" {\\n} | variable v is not used",
            })
    void aNameThatIsNotThereIsFound(String planted, String told) {
        assertThat(new References(modules, schema).findings(TerraformModule.of(lines(planted))))
                .singleElement()
                .asString()
                .contains(told);
    }

    @Test
    void aCallThatLacksAVariableIsFound() {
        TerraformModule caller = new TerraformModule(
                TERRAFORM,
                HclReader.read(
                                "module \"m\" {\n source = \"./modules/storage\"\n name = \"n\"\n bukket = \"b\"\n}",
                                "text")
                        .blocks());
        assertThat(new References(modules, schema).findings(caller))
                .extracting(finding -> finding.substring(finding.indexOf(": ") + 2))
                .containsExactly("module m lacks bucket", "module m lacks region", "module m has no variable bukket");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a = [1, 2 | text:1: an expression that does not end",
                "a {\\n b = 1\\n | text:3: no \"}\"",
                "a = \"b | text:1: no \"\"\"",
                "a = 1\\n} | text:2: a \"}\" that nothing opened",
                "a = 1\\na = 2\\n | text:2: a second \"a\"",
            })
    void whatIsNoHclIsToldWithItsLine(String text, String told) {
        assertThatThrownBy(() -> HclReader.read(lines(text), "text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(told);
    }

    @Test
    void versionsArePinnedAndThoseOfTheSchema() {
        assertThat(modules.values()).allSatisfy(module -> {
            HclBlock pins = module.ofType("terraform").findFirst().orElseThrow();
            assertThat(pins.attributes()).containsEntry("required_version", "\">= 1.9.0, < 2.0.0\"");
            assertThat(pins.within("required_providers").get(0).attributes().get("aws"))
                    .contains("\"hashicorp/aws\"", "\"" + schema.version() + "\"");
        });
    }

    @Test
    void theExampleOfValuesSetsVariablesThatThereAreAndAllThatHaveNoDefault() {
        TerraformModule root = modules.get(TERRAFORM);
        Map<String, String> values = HclReader.read(
                        TerraformModule.text(TERRAFORM.resolve("terraform.tfvars.example")), "example")
                .attributes();
        assertThat(root.names("variable")).containsAll(values.keySet());
        assertThat(values.keySet())
                .containsAll(root.ofType("variable")
                        .filter(variable -> !variable.attributes().containsKey("default"))
                        .map(variable -> variable.label(0))
                        .toList());
    }

    @Test
    void whatTheOutputSaysToExportSclerasConfigurationReads() {
        String output = modules.get(TERRAFORM)
                .ofType("output")
                .filter(block -> block.label(0).equals("environment"))
                .map(block -> block.attributes().get("value"))
                .findFirst()
                .orElseThrow();
        List<String> exported = Pattern.compile("export (\\w+)=")
                .matcher(output)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(exported).hasSize(5);
        assertThat(Variables.of(Variables.readers().get("finetune"))).containsAll(exported);
    }

    @Test
    void filesAreFormattedAsTerraformDoes() throws IOException, InterruptedException {
        assumeTrue(onPath("terraform"), "terraform is not on the path");
        Process process = new ProcessBuilder("terraform", "fmt", "-check", "-recursive", TERRAFORM.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String badly = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(badly).isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    private static String lines(String planted) {
        return planted.replace("\\n", "\n");
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
