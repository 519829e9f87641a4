package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.sclera.gradient.PaddedMaximum;
import dev.sclera.model.ModelDescriptor.OutputKind;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A classifier as the {@link SelfTest} feeds it: behind its preprocessing where that is known, else bare.
 *
 * @param name what the user calls the model, for errors
 * @param graph what is run
 * @param input the name of its input
 * @param shape of the input, its batch that of the test
 * @param channelsLast whether the input is {@code [n,h,w,c]}, else {@code [n,c,h,w]}
 * @param lowest what ordinary inputs do not go below
 * @param highest what they do not go above
 * @param output the name of the output that is tested, {@code [n,classes]}
 * @param kind what it holds
 * @param classes how many columns it must have; 0 for as many as it has
 */
record Specimen(
        String name,
        ModelProto graph,
        String input,
        long[] shape,
        boolean channelsLast,
        double lowest,
        double highest,
        String output,
        OutputKind kind,
        int classes) {

    /** Images per batch, where the model does not insist on another number. */
    private static final int IMAGES = 3;

    /** Cells per side of a coarse field. */
    private static final int CELLS = 8;

    Specimen {
        requireNonNull(name, "name is null");
    }

    /** A grader behind its preprocessing, fed with pixels in {@code [0,1]} at its own size. */
    static Specimen preprocessed(String name, ModelProto model, ModelDescriptor descriptor) {
        long[] shape = {batch(model, descriptor.input()), descriptor.height(), descriptor.width(), 3};
        return new Specimen(
                name,
                PreprocessedGraph.of(model, descriptor, descriptor.height(), descriptor.width()),
                PreprocessedGraph.IMAGES,
                shape,
                true,
                0,
                1,
                descriptor.output(),
                descriptor.outputKind(),
                descriptor.grades());
    }

    /**
     * A classifier whose preprocessing nobody knows, fed with what normalised pixels are like: mean 0, and within ±2.
     *
     * @param file with one output, and a fixed size of its images
     */
    static Specimen bare(OnnxFile file, OutputKind kind) {
        ValueInfoProto input = file.input();
        List<Dimension> dimensions = OnnxFile.shape(input);
        long[] shape = dimensions.stream().mapToLong(Dimension::getDimValue).toArray();
        shape[0] = batch(file.proto(), input.getName());
        return new Specimen(
                file.name(),
                PaddedMaximum.guarded(file.proto()),
                input.getName(),
                shape,
                shape[3] <= 4 && shape[1] > 4,
                -2,
                2,
                file.outputs().get(0).getName(),
                kind,
                0);
    }

    private static long batch(ModelProto model, String input) {
        long insisted = model.getGraph().getInputList().stream()
                .filter(one -> one.getName().equals(input))
                .mapToLong(one -> OnnxFile.shape(one).get(0).getDimValue())
                .findFirst()
                .orElse(0);
        return insisted > 0 ? insisted : IMAGES;
    }

    int batch() {
        return Math.toIntExact(shape[0]);
    }

    /** Figures per image. */
    int stride() {
        return Math.toIntExact(shape[1] * shape[2] * shape[3]);
    }

    /** Grey, and seeded noise on darker and lighter grounds. */
    float[] plainImages() {
        SplittableRandom random = new SplittableRandom(20231208);
        float[] pixels = new float[batch() * stride()];
        for (int i = 0; i < pixels.length; i++) {
            int image = i / stride() % IMAGES;
            double light = image == 0 ? 0.5 : 0.4 * (image - 1) + 0.6 * random.nextDouble();
            pixels[i] = (float) (lowest + light * (highest - lowest));
        }
        return pixels;
    }

    /** Patches of light and dark under a little noise: no two windows alike, so that no maximum is a tie. */
    float[] patchedImages(long seed) {
        float[] patches = patches(seed);
        float[] noise = noise(seed + 1);
        float[] pixels = new float[patches.length];
        for (int i = 0; i < pixels.length; i++) {
            double light = 0.5 + 0.15 * patches[i] + 0.05 * noise[i];
            pixels[i] = (float) (lowest + (highest - lowest) * light);
        }
        return pixels;
    }

    /** Seeded figures of mean 0 and deviation 1, each pixel its own. */
    float[] noise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[batch() * stride()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Likewise, but one figure for all pixels of a cell and a channel. */
    float[] patches(long seed) {
        int rows = Math.toIntExact(channelsLast ? shape[1] : shape[2]);
        int columns = Math.toIntExact(channelsLast ? shape[2] : shape[3]);
        int channels = stride() / (rows * columns);
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[batch() * stride()];
        for (int image = 0; image < batch(); image++) {
            double[] cells = random.doubles((long) channels * CELLS * CELLS).toArray();
            for (int pixel = 0; pixel < rows * columns; pixel++) {
                int row = pixel / columns * CELLS / rows;
                int column = pixel % columns * CELLS / columns;
                for (int channel = 0; channel < channels; channel++) {
                    int place = channelsLast ? pixel * channels + channel : channel * rows * columns + pixel;
                    // uniform over ±√3, hence of deviation 1
                    double cell = cells[(channel * CELLS + row) * CELLS + column];
                    values[image * stride() + place] = (float) (Math.sqrt(3) * (2 * cell - 1));
                }
            }
        }
        return values;
    }
}
