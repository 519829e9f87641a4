package dev.sclera.infra;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What expressions name is there: variables, locals, modules and their outputs, resources and their attributes. */
final class References {

    private static final Pattern THING =
            Pattern.compile("(?<![\\w.])((?:data\\.)?aws_\\w+)\\.(\\w+)(?:\\)?\\[[^\\]]*\\])?(?:\\.(\\w+))?");
    private static final Pattern OUTPUT = Pattern.compile("(?<![\\w.])module\\.(\\w+)(?:\\[[^\\]]*\\])?\\.(\\w+)");

    private static final Set<String> CALL = Set.of("source", "version", "count", "for_each", "providers", "depends_on");

    private final Map<Path, TerraformModule> modules;
    private final ProviderSchema schema;

    References(Map<Path, TerraformModule> modules, ProviderSchema schema) {
        this.modules = modules;
        this.schema = schema;
    }

    List<String> findings(TerraformModule module) {
        List<String> found = new ArrayList<>();
        Set<String> used = new HashSet<>();
        Set<String> variables = module.names("variable");
        Set<String> locals = new HashSet<>();
        module.ofType("locals")
                .forEach(block -> locals.addAll(block.attributes().keySet()));
        module.expressions().forEach(text -> {
            named("var", text, variables::contains, used, found);
            named("local", text, locals::contains, used, found);
            things(module, text, found);
            outputs(module, text, found);
        });
        variables.stream()
                .filter(name -> !used.contains("var." + name))
                .forEach(name -> found.add("variable %s is not used".formatted(name)));
        locals.stream()
                .filter(name -> !used.contains("local." + name))
                .forEach(name -> found.add("local %s is not used".formatted(name)));
        module.ofType("module").forEach(call -> call(module, call, found));
        return found.stream().map(finding -> module.folder() + ": " + finding).toList();
    }

    private static void named(
            String prefix, String text, Predicate<String> known, Set<String> used, List<String> found) {
        Matcher matcher = Pattern.compile("(?<![\\w.])" + prefix + "\\.(\\w+)").matcher(text);
        while (matcher.find()) {
            used.add(matcher.group());
            if (!known.test(matcher.group(1))) {
                found.add("there is no " + matcher.group());
            }
        }
    }

    private void things(TerraformModule module, String text, List<String> found) {
        Matcher matcher = THING.matcher(text);
        while (matcher.find()) {
            if (module.thing(matcher.group(1), matcher.group(2)).isEmpty()) {
                found.add("there is no %s.%s".formatted(matcher.group(1), matcher.group(2)));
            } else if (matcher.group(3) != null && !schema.has(matcher.group(1), matcher.group(3))) {
                found.add("%s has no attribute %s".formatted(matcher.group(1), matcher.group(3)));
            }
        }
    }

    private void outputs(TerraformModule module, String text, List<String> found) {
        Matcher matcher = OUTPUT.matcher(text);
        while (matcher.find()) {
            boolean there = module.ofType("module")
                    .filter(call -> call.label(0).equals(matcher.group(1)))
                    .map(call -> modules.get(module.source(call)))
                    .anyMatch(called -> called != null && called.names("output").contains(matcher.group(2)));
            if (!there) {
                found.add("there is no " + matcher.group());
            }
        }
    }

    private void call(TerraformModule module, HclBlock call, List<String> found) {
        TerraformModule called = modules.get(module.source(call));
        if (called == null) {
            found.add("module %s: there is nothing at its source".formatted(call.label(0)));
            return;
        }
        called.ofType("variable")
                .filter(variable -> !variable.attributes().containsKey("default"))
                .filter(variable -> !call.attributes().containsKey(variable.label(0)))
                .forEach(variable -> found.add("module %s lacks %s".formatted(call.label(0), variable.label(0))));
        call.attributes().keySet().stream()
                .filter(name ->
                        !CALL.contains(name) && !called.names("variable").contains(name))
                .forEach(name -> found.add("module %s has no variable %s".formatted(call.label(0), name)));
    }
}
