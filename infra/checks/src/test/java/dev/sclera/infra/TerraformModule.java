package dev.sclera.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Terraform files of one folder.
 *
 * @param folder the folder
 * @param blocks the blocks of all its files
 */
record TerraformModule(Path folder, List<HclBlock> blocks) {

    static TerraformModule of(String text) {
        return new TerraformModule(Path.of("."), HclReader.read(text, "text").blocks());
    }

    /** Every folder below one that has Terraform files. */
    static List<TerraformModule> below(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file ->
                            file.toString().endsWith(".tf") && !file.toString().contains(".terraform/"))
                    .sorted()
                    .collect(Collectors.groupingBy(Path::getParent))
                    .entrySet()
                    .stream()
                    .map(folder -> new TerraformModule(
                            folder.getKey(),
                            folder.getValue().stream()
                                    .flatMap(file ->
                                            HclReader.read(
                                                    text(file),
                                                    root.relativize(file).toString())
                                                    .blocks()
                                                    .stream())
                                    .toList()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<HclBlock> ofType(String type) {
        return blocks.stream().filter(block -> block.type().equals(type));
    }

    /** Resources and data sources. */
    Stream<HclBlock> things() {
        return Stream.concat(ofType("resource"), ofType("data"));
    }

    Optional<HclBlock> thing(String kind, String name) {
        return things().filter(
                        block -> block.kind().equals(kind) && block.label(1).equals(name))
                .findFirst();
    }

    Set<String> names(String type) {
        return ofType(type).map(block -> block.label(0)).collect(Collectors.toSet());
    }

    Stream<String> expressions() {
        return blocks.stream().flatMap(HclBlock::expressions);
    }

    /** Where a call's module lies. */
    Path source(HclBlock call) {
        return folder.resolve(call.attributes().getOrDefault("source", "").replace("\"", ""))
                .normalize();
    }
}
