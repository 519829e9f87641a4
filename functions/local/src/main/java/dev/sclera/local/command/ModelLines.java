package dev.sclera.local.command;

import dev.sclera.model.Model;
import dev.sclera.model.ModelDescriptor;
import java.util.Locale;

/** A model in lines for people. */
final class ModelLines {

    private ModelLines() {}

    static Lines of(Model model) {
        ModelDescriptor descriptor = model.descriptor();
        return new Lines()
                .add("model", model.name())
                .add("sha256", model.sha256())
                .add(
                        "input",
                        "%s, %d×%d, %s, %s"
                                .formatted(
                                        descriptor.input(),
                                        descriptor.height(),
                                        descriptor.width(),
                                        descriptor.layout(),
                                        descriptor.channels()))
                .add(
                        "pixels",
                        "(x · %s − mean %s) / std %s"
                                .formatted(descriptor.scale(), descriptor.mean(), descriptor.std()))
                .add(
                        "output",
                        descriptor.output() + ", "
                                + descriptor.outputKind().name().toLowerCase(Locale.ROOT));
    }
}
