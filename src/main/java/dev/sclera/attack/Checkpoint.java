package dev.sclera.attack;

import dev.sclera.dataset.Perturbation;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The checkpoint of a crafting run: one object, replaced as a whole, deleted when the perturbation is published. Of two
 * writers the last one wins, which does no harm: both are on the way to the same perturbation.
 */
final class Checkpoint {

    private static final int VERSION = 1;

    /** Often enough that little is lost, seldom enough that it costs nothing. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final ObjectStore objects;
    private final String key;
    private final Duration pause;
    private long saved = System.nanoTime();

    Checkpoint(ObjectStore objects, String perturbation) {
        this(objects, perturbation, PAUSE);
    }

    Checkpoint(ObjectStore objects, String perturbation, Duration pause) {
        this.pause = pause;
        this.objects = objects;
        this.key = Keys.perturbationFile(perturbation, "checkpoint.bin");
    }

    /** The saved state, or nothing where there is none that this version wrote. */
    Optional<RunState> load() {
        return objects.find(key).flatMap(Checkpoint::read);
    }

    /** Saves the state, unless it did so a moment ago. */
    void saveSometimes(RunState state) {
        if (System.nanoTime() - saved >= pause.toNanos()) {
            save(state);
        }
    }

    /** Saves the state. */
    void save(RunState state) {
        objects.put(key, write(state), "application/octet-stream");
        saved = System.nanoTime();
    }

    void delete() {
        objects.delete(key);
    }

    private static byte[] write(RunState state) {
        float[] attack = state.attack() == null ? new float[0] : state.attack();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            out.writeInt(state.pass());
            out.writeInt(state.shardsDone());
            out.writeLong(state.images());
            out.writeLong(state.passImages());
            out.writeDouble(state.passLoss());
            out.writeLong(state.passFooled());
            out.writeInt(state.curve().size());
            for (Perturbation.Point point : state.curve()) {
                out.writeInt(point.pass());
                out.writeDouble(point.loss());
                out.writeDouble(point.foolingRate());
            }
            out.writeInt(attack.length);
            for (float value : attack) {
                out.writeFloat(value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static Optional<RunState> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != VERSION) {
                return Optional.empty();
            }
            int pass = in.readInt();
            int shardsDone = in.readInt();
            long images = in.readLong();
            long passImages = in.readLong();
            double passLoss = in.readDouble();
            long passFooled = in.readLong();
            List<Perturbation.Point> curve = new ArrayList<>();
            for (int points = in.readInt(); points > 0; points--) {
                curve.add(new Perturbation.Point(in.readInt(), in.readDouble(), in.readDouble()));
            }
            float[] attack = new float[in.readInt()];
            for (int i = 0; i < attack.length; i++) {
                attack[i] = in.readFloat();
            }
            return Optional.of(new RunState(pass, shardsDone, images, passImages, passLoss, passFooled, curve, attack));
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint of version " + VERSION + " ends too early", e);
        }
    }
}
