package dev.sclera.infra;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment variables that Terraform sets. */
final class Deployed {

    private static final Pattern LOCAL = Pattern.compile("local\\.(\\w+)");
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\w)(SCLERA_\\w+)(?=\\s*=)");
    private static final Pattern ENTRY = Pattern.compile("name\\s*=\\s*\"(SCLERA_\\w+)\"");

    private Deployed() {}

    /** By function: the entries of the local {@code environments}. */
    static Map<String, Set<String>> functions(TerraformModule module) {
        Map<String, String> locals = new TreeMap<>();
        module.ofType("locals").forEach(block -> locals.putAll(block.attributes()));
        String environments = locals.getOrDefault("environments", "{}");
        Map<String, Set<String>> variables = new TreeMap<>();
        HclReader.read(environments.substring(1, environments.length() - 1), "environments")
                .attributes()
                .forEach((function, text) -> variables.put(function, variables(text, locals, new HashSet<>())));
        return variables;
    }

    /** Of the one job definition. */
    static Set<String> job(TerraformModule module) {
        Set<String> names = new TreeSet<>();
        module.things()
                .filter(block -> block.kind().equals("aws_batch_job_definition"))
                .flatMap(HclBlock::expressions)
                .forEach(text -> ENTRY.matcher(text).results().forEach(match -> names.add(match.group(1))));
        return names;
    }

    private static Set<String> variables(String text, Map<String, String> locals, Set<String> seen) {
        Set<String> names = new TreeSet<>();
        VARIABLE.matcher(text).results().forEach(match -> names.add(match.group(1)));
        Matcher matcher = LOCAL.matcher(text);
        while (matcher.find()) {
            if (seen.add(matcher.group(1))) {
                names.addAll(variables(locals.getOrDefault(matcher.group(1), ""), locals, seen));
            }
        }
        return names;
    }
}
