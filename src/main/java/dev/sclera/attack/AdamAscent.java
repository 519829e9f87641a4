package dev.sclera.attack;

/**
 * Ascent by Adam (Kingma and Ba 2015, <i>Adam: A Method for Stochastic Optimization</i>, algorithm 1, with its β), back
 * into the ball after each step. In L∞ a value moves by about the step size; in L2 and L1 the whole step has that
 * length.
 */
final class AdamAscent implements Ascent {

    private static final double FIRST = 0.9;
    private static final double SECOND = 0.999;

    /** Only against division by 0: slopes of pixels are small, and Adam's own 1e-8 would drown them. */
    private static final double LEAST = 1e-15;

    private final Norm norm;
    private final Ball ball;
    private final double length;
    private final float[] delta;
    private final float[] mean;
    private final float[] square;
    private int steps;

    /** @param start δ to start from, within the bound */
    AdamAscent(Problem problem, float[] start) {
        this.norm = problem.norm();
        this.ball = problem.ball();
        this.length = problem.step() * problem.epsilon();
        this.delta = start.clone();
        this.mean = new float[start.length];
        this.square = new float[start.length];
    }

    @Override
    public float[] delta() {
        return delta;
    }

    @Override
    public void step(float[] slope, double progress) {
        steps++;
        double firstBias = 1 - Math.pow(FIRST, steps);
        double secondBias = 1 - Math.pow(SECOND, steps);
        float[] move = new float[delta.length];
        for (int i = 0; i < delta.length; i++) {
            mean[i] = (float) (FIRST * mean[i] + (1 - FIRST) * slope[i]);
            square[i] = (float) (SECOND * square[i] + (1 - SECOND) * slope[i] * slope[i]);
            move[i] = (float) (mean[i] / firstBias / (Math.sqrt(square[i] / secondBias) + LEAST));
        }
        double size = norm == Norm.LINF ? 1 : ball.norm(move);
        Ball.scale(move, size > 0 ? length / size : 0);
        for (int i = 0; i < delta.length; i++) {
            delta[i] += move[i];
        }
        ball.project(delta);
    }

    /** Makes δ smaller, and goes on from there. */
    void shrink(double factor) {
        Ball.scale(delta, factor);
    }

    @Override
    public float[] save() {
        return Saved.join(delta, mean, square, new float[] {steps});
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 4);
        System.arraycopy(parts[0], 0, delta, 0, delta.length);
        System.arraycopy(parts[1], 0, mean, 0, mean.length);
        System.arraycopy(parts[2], 0, square, 0, square.length);
        steps = (int) parts[3][0];
    }
}
