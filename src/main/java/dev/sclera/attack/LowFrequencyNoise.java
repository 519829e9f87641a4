package dev.sclera.attack;

import dev.sclera.ascent.Norm;
import java.util.random.RandomGenerator;

/**
 * A control: a random mixture of the low frequencies of each channel, Gaussian coefficients on the lowest part of the
 * discrete cosine transform's basis. In L∞ the signs of the mixture, so that every value is at the bound; in L2 and L1
 * the mixture itself, scaled to the bound. Many attacks end in smooth patterns, and white noise is no fair comparison
 * for them.
 */
final class LowFrequencyNoise extends Noise {

    @Override
    public String name() {
        return "low-frequency";
    }

    @Override
    public String summary() {
        return "Control: noise of low frequencies alone, of the same norm (signs in L∞)";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Options options() {
        return Options.of(CosineBasis.BAND);
    }

    @Override
    float[] draw(Problem problem) {
        RandomGenerator random = generator(problem);
        CosineBasis basis = CosineBasis.of(problem);
        float[] noise = new float[problem.size()];
        for (int direction = 0; direction < basis.count(); direction++) {
            basis.add(direction, random.nextGaussian(), noise);
        }
        if (problem.norm() == Norm.LINF) {
            for (int i = 0; i < noise.length; i++) {
                noise[i] = Math.signum(noise[i]);
            }
        }
        problem.ball().extend(noise);
        return noise;
    }
}
