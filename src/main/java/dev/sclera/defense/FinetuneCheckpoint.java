package dev.sclera.defense;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Npy;
import dev.sclera.store.JsonFormat;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoint of a run, below {@code finetunes/<id>/checkpoint/}: its state, one object that is replaced as a whole,
 * and the best weights so far, an object per epoch that is there before a state names it. Of two writers the last one
 * wins, which does no harm: both are on the way to the same model.
 */
final class FinetuneCheckpoint {

    private static final int VERSION = 3;

    /** The version before, which is the same where nothing pursues. */
    private static final int STILL_READ = 2;

    private static final String BINARY = "application/octet-stream";

    private final ObjectStore objects;
    private final String job;

    FinetuneCheckpoint(ObjectStore objects, String job) {
        this.objects = objects;
        this.job = job;
    }

    /** The key of a file of the checkpoint. */
    String key(String file) {
        return Keys.finetuneFile(job, "checkpoint/" + file);
    }

    /** The saved state, or nothing where there is none that this version can read. */
    Optional<FinetuneState> load() {
        return objects.find(key("state.bin")).flatMap(FinetuneCheckpoint::read);
    }

    void save(FinetuneState state) {
        objects.put(key("state.bin"), write(state), BINARY);
    }

    void saveBest(int epoch, Map<String, float[]> weights) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(weights, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        objects.put(best(epoch), bytes.toByteArray(), BINARY);
    }

    Map<String, float[]> loadBest(int epoch) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(objects.get(best(epoch))))) {
            return readWeights(in);
        } catch (IOException e) {
            throw cutShort(e);
        }
    }

    private String best(int epoch) {
        return key("best-%d.bin".formatted(epoch));
    }

    void deleteBest(int epoch) {
        objects.delete(best(epoch));
    }

    void delete() {
        objects.list(key("")).forEach(objects::delete);
    }

    private static byte[] write(FinetuneState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            out.writeInt(state.epoch());
            out.writeInt(state.batch());
            out.writeLong(state.images());
            out.writeDouble(state.lossSum());
            out.writeDouble(state.weightSum());
            out.writeDouble(state.seconds());
            out.writeDouble(state.watch().first());
            out.writeDouble(state.watch().smoothed());
            out.writeInt(state.log().size());
            for (EpochLine line : state.log()) {
                write(JsonFormat.line(line).getBytes(StandardCharsets.UTF_8), out);
            }
            out.writeInt(state.bestEpoch());
            write(state.session(), out);
            write(state.average(), out);
            out.writeLong(state.averaged());
            out.writeInt(state.pursuing().size());
            for (Pursuer pursuer : state.pursuing()) {
                Delta delta = pursuer.delta();
                write(delta, delta.values(), out);
                write(delta, pursuer.average(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static Optional<FinetuneState> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readInt();
            if (version != VERSION && version != STILL_READ) {
                return Optional.empty();
            }
            int epoch = in.readInt();
            int batch = in.readInt();
            long images = in.readLong();
            double lossSum = in.readDouble();
            double weightSum = in.readDouble();
            double seconds = in.readDouble();
            DivergenceWatch watch = new DivergenceWatch(in.readDouble(), in.readDouble());
            List<EpochLine> log = new ArrayList<>();
            for (int lines = in.readInt(); lines > 0; lines--) {
                log.add(JsonFormat.read(readBytes(in), EpochLine.class));
            }
            int bestEpoch = in.readInt();
            byte[] session = readBytes(in);
            Map<String, float[]> average = readWeights(in);
            long averaged = in.readLong();
            if (version == STILL_READ && in.readInt() > 0) {
                return Optional.empty();
            }
            return Optional.of(new FinetuneState(
                    epoch,
                    batch,
                    images,
                    lossSum,
                    weightSum,
                    seconds,
                    watch,
                    log,
                    bestEpoch,
                    session,
                    average,
                    averaged,
                    version == STILL_READ ? List.of() : readPursuers(in)));
        } catch (IOException e) {
            throw cutShort(e);
        }
    }

    private static void write(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    private static void write(Map<String, float[]> weights, DataOutputStream out) throws IOException {
        out.writeInt(weights.size());
        for (Map.Entry<String, float[]> weight : weights.entrySet()) {
            out.writeUTF(weight.getKey());
            ByteBuffer values = ByteBuffer.allocate(Math.multiplyExact(weight.getValue().length, Float.BYTES));
            values.asFloatBuffer().put(weight.getValue());
            write(values.array(), out);
        }
    }

    private static Map<String, float[]> readWeights(DataInputStream in) throws IOException {
        Map<String, float[]> weights = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            ByteBuffer bytes = ByteBuffer.wrap(readBytes(in));
            float[] values = new float[bytes.capacity() / Float.BYTES];
            bytes.asFloatBuffer().get(values);
            weights.put(name, values);
        }
        return weights;
    }

    private static void write(Delta size, float[] values, DataOutputStream out) throws IOException {
        write(Npy.of(values, size.height(), size.width(), 3).encode(), out);
    }

    private static List<Pursuer> readPursuers(DataInputStream in) throws IOException {
        List<Pursuer> pursuers = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Npy values = Npy.decode(readBytes(in));
            Npy average = Npy.decode(readBytes(in));
            pursuers.add(
                    new Pursuer(new Delta(values.shape()[0], values.shape()[1], values.floats()), average.floats()));
        }
        return pursuers;
    }

    private static UncheckedIOException cutShort(IOException e) {
        return new UncheckedIOException("a checkpoint of version " + VERSION + " ends too early", e);
    }
}
