package dev.sclera.attack;

/**
 * A run that keeps one δ and what a panel answers to it, and goes on to another where the answer is worse for the
 * models.
 */
abstract class PanelWalk implements Attack.Run {

    private final Panel panel;
    private float[] delta;
    private Panel.Answer answer;

    /**
     * A walk that begins at nothing.
     *
     * @param size how many values δ has
     */
    PanelWalk(Panel panel, int size) {
        this.panel = panel;
        this.delta = new float[size];
        this.answer = panel.clean();
    }

    /** Asks about other perturbations, at least one. */
    abstract void ask(long turn);

    /**
     * Asks about a perturbation, and takes it up where it is worse for the models than the present one; whether it is.
     */
    final boolean improves(float[] other) {
        Panel.Answer said = panel.ask(other);
        if (said.score() <= answer.score()) {
            return false;
        }
        delta = other;
        answer = said;
        return true;
    }

    /** Asks about a perturbation, and takes it up whatever the answer. */
    final void moveTo(float[] other) {
        answer = panel.ask(other);
        delta = other;
    }

    final boolean canAsk() {
        return panel.canAsk();
    }

    @Override
    public final float[] delta() {
        return delta;
    }

    @Override
    public final boolean done() {
        return !panel.canAsk();
    }

    @Override
    public final Attack.Turn turn(long index) {
        ask(index);
        return new Attack.Turn(panel.size(), (double) answer.score() * panel.size(), answer.fooled());
    }

    @Override
    public final float[] save() {
        return Saved.join(delta, new float[] {answer.score(), answer.fooled()});
    }

    @Override
    public final void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 2);
        delta = parts[0];
        answer = new Panel.Answer(parts[1][0], parts[1][1]);
    }
}
