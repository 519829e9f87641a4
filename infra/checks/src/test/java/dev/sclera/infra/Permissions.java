package dev.sclera.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What roles and policies allow: nothing everywhere, but on a condition and with a word why. */
final class Permissions {

    private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"");

    private Permissions() {}

    static List<String> findings(TerraformModule module) {
        List<String> found = new ArrayList<>();
        module.things().forEach(block -> {
            if (block.kind().equals("data.aws_iam_policy_document")) {
                block.within("statement").forEach(statement -> statement(statement, found));
            }
            document(block, found);
        });
        return found;
    }

    private static void statement(HclBlock statement, List<String> found) {
        boolean everyAction = strings(statement, "actions").stream().anyMatch(action -> action.contains("*"));
        boolean everyResource = strings(statement, "resources").stream().anyMatch(Permissions::everywhere);
        boolean everyone = statement.within("principals").stream()
                .anyMatch(principals -> strings(principals, "identifiers").contains("*"));
        if (!everyAction && !everyResource && !everyone) {
            if (statement.attributes().containsKey("not_actions")
                    || statement.attributes().containsKey("not_resources")) {
                found.add(statement.place() + ": a statement by what it is not");
            }
            return;
        }
        if (statement.within("condition").isEmpty()) {
            found.add(statement.place() + ": a wildcard without a condition");
        }
        if (statement.comment().isEmpty()) {
            found.add(statement.place() + ": a wildcard without a comment");
        }
    }

    /** {@code *}, or an ARN that ends in it where its resource should begin. */
    private static boolean everywhere(String resource) {
        return resource.equals("*") || resource.matches("arn:[^/]*:\\*");
    }

    /** Policies that are written elsewhere would escape the look at statements. */
    private static void document(HclBlock block, List<String> found) {
        for (String attribute : List.of("policy", "assume_role_policy")) {
            String text = block.attributes().getOrDefault(attribute, "data.aws_iam_policy_document");
            if (!text.startsWith("data.aws_iam_policy_document")) {
                found.add("%s: %s is no aws_iam_policy_document".formatted(block.place(), attribute));
            }
        }
        if (block.attributes().containsKey("policy_arn") && block.comment().isEmpty()) {
            found.add(block.place() + ": a policy of AWS' own without a comment");
        }
        if (!block.within("inline_policy").isEmpty() || block.attributes().containsKey("managed_policy_arns")) {
            found.add(block.place() + ": policies within a role");
        }
    }

    private static List<String> strings(HclBlock block, String attribute) {
        List<String> strings = new ArrayList<>();
        Matcher matcher = STRING.matcher(block.attributes().getOrDefault(attribute, ""));
        while (matcher.find()) {
            strings.add(matcher.group(1));
        }
        return strings;
    }
}
