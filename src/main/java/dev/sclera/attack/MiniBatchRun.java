package dev.sclera.attack;

/**
 * The run of an attack that takes one slope per mini-batch and climbs by it: what differs from attack to attack is what
 * it asks of a batch, and how it climbs.
 */
final class MiniBatchRun implements Attack.Run {

    private final Oracle oracle;
    private final CraftingImages images;
    private final Objective objective;
    private final Ascent ascent;

    MiniBatchRun(Oracle oracle, CraftingImages images, Objective objective, Ascent ascent) {
        this.oracle = oracle;
        this.images = images;
        this.objective = objective;
        this.ascent = ascent;
    }

    /** What is asked of a batch. */
    interface Objective {

        /** The images of a batch that it asks about; all of them as a rule. */
        default Batch chosen(Batch batch) {
            return batch;
        }

        /** @param progress how much of the run is done, 0 to 1 */
        Question of(Batch batch, double progress);

        /** Told of the answer, for what the next questions depend on. */
        default void answered(Batch batch, Oracle.Slope slope) {}

        /** What it remembers of the answers. */
        default float[] save() {
            return new float[0];
        }

        default void restore(float[] saved) {}
    }

    @Override
    public float[] delta() {
        return ascent.delta();
    }

    @Override
    public Attack.Turn turn(long index) {
        Batch whole = objective.chosen(images.batch(index));
        if (whole.size() == 0) {
            return new Attack.Turn(0, 0, 0);
        }
        Batch batch = oracle.within(whole);
        double progress = oracle.progress();
        Oracle.Slope slope = oracle.slope(objective.of(batch, progress), batch, ascent.delta());
        objective.answered(batch, slope);
        ascent.step(slope.gradient(), progress);
        return new Attack.Turn(batch.size(), slope.loss(), slope.fooled());
    }

    @Override
    public float[] save() {
        return Saved.join(ascent.save(), objective.save());
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 2);
        ascent.restore(parts[0]);
        objective.restore(parts[1]);
    }
}
