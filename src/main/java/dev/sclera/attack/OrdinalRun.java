package dev.sclera.attack;

import dev.sclera.ascent.Climber;
import dev.sclera.gradient.Loss;

/**
 * The run of {@link OrdinalAttack}: a search, in which one ascent per grade aims at that grade for a short while, and
 * then the ascent on kappa, from the δ of the search at which kappa was lowest. The curve's loss is kappa.
 */
final class OrdinalRun implements Attack.Run {

    /** The step of the search relative to epsilon: a few of them have to go all the way. */
    private static final double SEARCH_STEP = 0.25;

    private final Problem problem;
    private final Oracle oracle;
    private final CraftingImages images;
    private final int grades;
    private final long turnsPerGrade;
    private final Ascent[] searches;
    private final OrdinalKappa[] figures;
    private final Ascent ascent;
    private final OrdinalKappa objective;
    private boolean begun;

    OrdinalRun(Problem problem, Oracle oracle, CraftingImages images) {
        this.problem = problem;
        this.oracle = oracle;
        this.images = images;
        this.grades = images.grades().length;
        double evaluationsPerTurn = (double) problem.batch() * oracle.members();
        double search = problem.options().number("search");
        this.turnsPerGrade =
                search == 0 ? 0 : Math.max(1, Math.round(search * problem.allowance() / evaluationsPerTurn / grades));
        this.searches = new Ascent[grades];
        this.figures = new OrdinalKappa[grades];
        for (int grade = 0; grade < grades; grade++) {
            searches[grade] = new MomentumAscent(problem.withStep(SEARCH_STEP), Climber.MOMENTUM, 1);
            figures[grade] = kappa(false);
        }
        this.ascent = new MomentumAscent(problem);
        this.objective = kappa(problem.options().choice("objective").equals("log-cost"));
    }

    private OrdinalKappa kappa(boolean logarithmic) {
        return new OrdinalKappa(logarithmic, images.grades(), oracle.members());
    }

    @Override
    public float[] delta() {
        return begun ? ascent.delta() : searches[best()].delta();
    }

    @Override
    public Attack.Turn turn(long index) {
        Batch batch = oracle.within(images.batch(index));
        long searching = turnsPerGrade * grades;
        if (index < searching) {
            int grade = (int) (index / turnsPerGrade);
            Question question = new Question(new Loss.TargetedCrossEntropy(), batch.all(grade));
            return step(batch, question, searches[grade], figures[grade], 0);
        }
        if (!begun) {
            if (searching > 0) {
                ascent.restore(searches[best()].save());
            }
            begun = true;
        }
        // the step shrinks over what the search left
        double before = (double) searching * problem.batch() * oracle.members() / problem.allowance();
        double progress = Math.max(0, Math.min(1, (oracle.progress() - before) / Math.max(1e-9, 1 - before)));
        return step(batch, objective.of(batch, progress), ascent, objective, progress);
    }

    private Attack.Turn step(Batch batch, Question question, Ascent climbing, OrdinalKappa figure, double progress) {
        Oracle.Slope slope = oracle.slope(question, batch, climbing.delta());
        figure.answered(batch, slope);
        climbing.step(slope.gradient(), progress);
        return new Attack.Turn(batch.size(), figure.kappa() * batch.size(), slope.fooled());
    }

    /** The grade whose search ended with the lowest kappa. */
    private int best() {
        int best = 0;
        for (int grade = 1; grade < grades; grade++) {
            best = figures[grade].kappa() < figures[best].kappa() ? grade : best;
        }
        return best;
    }

    @Override
    public float[] save() {
        float[][] parts = new float[2 * grades + 3][];
        for (int grade = 0; grade < grades; grade++) {
            // once the ascent has begun, the searches have had their say
            parts[grade] = begun ? new float[0] : searches[grade].save();
            parts[grades + grade] = figures[grade].save();
        }
        parts[2 * grades] = ascent.save();
        parts[2 * grades + 1] = objective.save();
        parts[2 * grades + 2] = new float[] {begun ? 1 : 0};
        return Saved.join(parts);
    }

    @Override
    public void restore(float[] saved) {
        float[][] parts = Saved.split(saved, 2 * grades + 3);
        begun = parts[2 * grades + 2][0] == 1;
        for (int grade = 0; grade < grades; grade++) {
            if (!begun) {
                searches[grade].restore(parts[grade]);
            }
            figures[grade].restore(parts[grades + grade]);
        }
        ascent.restore(parts[2 * grades]);
        objective.restore(parts[2 * grades + 1]);
    }
}
