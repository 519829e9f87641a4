package dev.sclera.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Callers of one session, each with inputs of its own, that share the images of a batch among them. */
final class BenchmarkLanes implements AutoCloseable {

    private final OrtSession session;
    private final int batch;
    private final List<Map<String, OnnxTensor>> inputs = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * Lanes.
     *
     * @param count callers
     * @param batch images per call
     */
    BenchmarkLanes(OrtSession session, int count, int batch) throws OrtException {
        this.session = session;
        this.batch = batch;
        for (int lane = 0; lane < count; lane++) {
            inputs.add(inputs(lane));
        }
        threads = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, "benchmark");
            thread.setDaemon(true);
            return thread;
        });
    }

    private Map<String, OnnxTensor> inputs(long seed) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Random random = new Random(seed);
        Map<String, OnnxTensor> tensors = new HashMap<>();
        for (var input : session.getInputInfo().entrySet()) {
            TensorInfo info = (TensorInfo) input.getValue().getInfo();
            long[] shape = info.getShape().clone();
            shape[0] = batch;
            int size = 1;
            for (long length : shape) {
                size = Math.multiplyExact(size, (int) length);
            }
            if (info.type == OnnxJavaType.INT64) {
                tensors.put(
                        input.getKey(), OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[size]), shape));
            } else {
                float[] values = new float[size];
                for (int i = 0; i < size; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                tensors.put(input.getKey(), OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
            }
        }
        return tensors;
    }

    /** How long so many images take, in seconds. */
    double seconds(int images) {
        int calls = images / batch / inputs.size();
        long start = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        for (Map<String, OnnxTensor> lane : inputs) {
            running.add(threads.submit(() -> {
                for (int call = 0; call < calls; call++) {
                    session.run(lane).close();
                }
                return null;
            }));
        }
        try {
            for (Future<?> lane : running) {
                lane.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a session that ran before failed", e.getCause());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        inputs.forEach(lane -> lane.values().forEach(OnnxTensor::close));
    }
}
