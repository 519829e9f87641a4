package dev.sclera.dataset;

import static java.util.Objects.requireNonNull;

import dev.sclera.problem.CorruptArtifactException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.MissingArtifactException;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.Sha256;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The perturbations of a store. */
@Singleton
public class Perturbations {

    private static final String PREFIX = "perturbations/";
    private static final String RECORD = "/perturbation.json";

    private final Artifacts artifacts;

    @Inject
    public Perturbations(Artifacts artifacts) {
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
    }

    /** The record with this id, or nothing. */
    public Optional<Perturbation> find(String id) {
        return artifacts.find(Keys.perturbation(id), Perturbation.class);
    }

    /**
     * The record of a perturbation.
     *
     * @param idOrPrefix its id, or the first digits of it (at least six) where they are unique
     * @throws InvalidValueException where it is not six or more hexadecimal digits
     * @throws MissingArtifactException where there is none, or more than one
     */
    public Perturbation get(String idOrPrefix) {
        if (!idOrPrefix.matches("[0-9a-f]{6,64}")) {
            throw new InvalidValueException(
                    "perturbation", idOrPrefix, "an id of 64 lower-case hexadecimal digits, or its first six or more");
        }
        List<String> ids = ids(idOrPrefix);
        if (ids.size() > 1) {
            throw new MissingArtifactException(
                    "perturbation",
                    "\"%s\" is the start of %d perturbations: %s. Give more digits."
                            .formatted(idOrPrefix, ids.size(), String.join(", ", ids)));
        }
        return ids.stream()
                .findFirst()
                .flatMap(this::find)
                .orElseThrow(() -> new MissingArtifactException(
                        "perturbation",
                        ("There is no perturbation \"%s\". Craft one with: sclera craft, which prints its id;"
                                        + " \"sclera perturbation list\" lists those that are there.")
                                .formatted(idOrPrefix)));
    }

    /** The ids of all perturbations, sorted. */
    public List<String> ids() {
        return ids("");
    }

    private List<String> ids(String start) {
        return artifacts.objects().list(PREFIX + start).stream()
                .filter(key -> key.endsWith(RECORD) && key.length() > PREFIX.length() + RECORD.length())
                .map(key -> key.substring(PREFIX.length(), key.length() - RECORD.length()))
                .sorted()
                .toList();
    }

    /**
     * δ itself, checked against the record's digest.
     *
     * @throws CorruptArtifactException where the file is not the δ that the record promises
     */
    public Delta read(Perturbation perturbation) {
        byte[] file = artifacts.objects().get(perturbation.delta(), perturbation.deltaSha256());
        Delta delta = parse(perturbation.delta(), file);
        if (delta.height() != perturbation.height() || delta.width() != perturbation.width()) {
            throw corrupt(
                    perturbation.delta(),
                    "its δ is %d×%d, its record says %d×%d"
                            .formatted(delta.height(), delta.width(), perturbation.height(), perturbation.width()));
        }
        return delta;
    }

    /**
     * Publishes a perturbation: {@code delta.npy}, {@code delta.png} (amplified about mid-grey to the full range),
     * {@code spectrum.svg}, and last its record. Where another writer's δ is there already, that one is adopted and
     * described.
     *
     * @param id the recipe's id
     * @param delta what was crafted
     * @param record makes the record from the δ that the store holds, its key being {@code Keys.perturbationFile(id,
     *     "delta.npy")}, and that file's digest
     */
    public Perturbation publish(String id, Delta delta, Function<Stored, Perturbation> record) {
        String key = Keys.perturbationFile(id, "delta.npy");
        byte[] file = Npy.of(delta.values(), delta.height(), delta.width(), 3).encode();
        byte[] held = artifacts.objects().createOrAdopt(key, file, "application/x-npy");
        Delta adopted = parse(key, held);
        Spectrum spectrum = Spectrum.of(adopted);
        artifacts
                .objects()
                .createOrAdopt(
                        Keys.perturbationFile(id, "delta.png"),
                        DeltaPicture.encode(adopted, DeltaPicture.Depth.EIGHT),
                        "image/png");
        artifacts
                .objects()
                .createOrAdopt(
                        Keys.perturbationFile(id, "spectrum.svg"),
                        SpectrumFigure.of(spectrum).getBytes(StandardCharsets.UTF_8),
                        "image/svg+xml");
        return artifacts.publish(
                Keys.perturbation(id), record.apply(new Stored(adopted, key, Sha256.of(held), spectrum)));
    }

    private static Delta parse(String key, byte[] file) {
        try {
            Npy array = Npy.decode(file);
            int[] shape = array.shape();
            if (shape.length != 3 || shape[2] != 3) {
                throw corrupt(key, "its shape is " + Arrays.toString(shape) + ", not [height,width,3]");
            }
            return new Delta(shape[0], shape[1], array.floats());
        } catch (IllegalArgumentException e) {
            throw corrupt(key, String.valueOf(e.getMessage()));
        }
    }

    private static CorruptArtifactException corrupt(String key, String fault) {
        return new CorruptArtifactException(
                key, "The object %s is no perturbation: %s. Craft it again.".formatted(key, fault));
    }

    /**
     * A δ as the store holds it.
     *
     * @param delta the perturbation
     * @param key of its {@code .npy}
     * @param sha256 the digest of the {@code .npy}
     * @param spectrum of the perturbation
     */
    public record Stored(Delta delta, String key, String sha256, Spectrum spectrum) {}
}
