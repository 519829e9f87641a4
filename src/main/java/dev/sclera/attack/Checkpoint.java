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

    private static final int VERSION = 3;

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
    Optional<CraftingState> load() {
        return objects.find(key).flatMap(Checkpoint::read);
    }

    /** Whether the last save was a while ago. */
    boolean isDue() {
        return System.nanoTime() - saved >= pause.toNanos();
    }

    /** Saves the state. */
    void save(CraftingState state) {
        objects.put(key, write(state), "application/octet-stream");
        saved = System.nanoTime();
    }

    void delete() {
        objects.delete(key);
    }

    private static byte[] write(CraftingState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            out.writeLong(state.turns());
            out.writeLong(state.evaluations());
            out.writeLong(state.gradientEvaluations());
            out.writeLong(state.nanoseconds());
            out.writeLong(state.passImages());
            out.writeDouble(state.passLoss());
            out.writeDouble(state.passFooled());
            out.writeDouble(state.turnFooled());
            out.writeInt(state.look().batches());
            out.writeLong(state.look().answers());
            out.writeLong(state.look().changed());
            out.writeLong(state.looked());
            out.writeInt(state.curve().size());
            for (Perturbation.Point point : state.curve()) {
                out.writeInt(point.pass());
                out.writeLong(point.evaluations());
                out.writeDouble(point.loss());
                out.writeDouble(point.foolingRate() == null ? Double.NaN : point.foolingRate());
            }
            out.writeInt(state.attack().length);
            for (float value : state.attack()) {
                out.writeInt(Float.floatToRawIntBits(value));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static Optional<CraftingState> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != VERSION) {
                return Optional.empty();
            }
            long turns = in.readLong();
            long evaluations = in.readLong();
            long gradientEvaluations = in.readLong();
            long nanoseconds = in.readLong();
            long passImages = in.readLong();
            double passLoss = in.readDouble();
            double passFooled = in.readDouble();
            double turnFooled = in.readDouble();
            StopRule.Look look = new StopRule.Look(in.readInt(), in.readLong(), in.readLong());
            long looked = in.readLong();
            List<Perturbation.Point> curve = new ArrayList<>();
            for (int points = in.readInt(); points > 0; points--) {
                int pass = in.readInt();
                long until = in.readLong();
                double loss = in.readDouble();
                double rate = in.readDouble();
                curve.add(new Perturbation.Point(pass, until, loss, Double.isNaN(rate) ? null : rate));
            }
            float[] attack = new float[in.readInt()];
            for (int i = 0; i < attack.length; i++) {
                attack[i] = Float.intBitsToFloat(in.readInt());
            }
            return Optional.of(new CraftingState(
                    turns,
                    evaluations,
                    gradientEvaluations,
                    nanoseconds,
                    passImages,
                    passLoss,
                    passFooled,
                    turnFooled,
                    look,
                    looked,
                    curve,
                    attack));
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint of version " + VERSION + " ends too early", e);
        }
    }
}
