package dev.sclera.local.command;

import dev.sclera.dataset.Perturbation;
import dev.sclera.local.Operations;
import dev.sclera.store.Keys;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A perturbation in lines for people. */
final class PerturbationLines {

    private PerturbationLines() {}

    static Lines of(Perturbation perturbation, Operations operations) {
        boolean crafted = !perturbation.imported();
        return new Lines()
                .add("perturbation", perturbation.id())
                .add("attack", perturbation.attack())
                .add("access", perturbation.access())
                .add("against", perturbation.source().orElse(null))
                .add("crafted on", perturbation.dataset())
                .add("bound", bound(perturbation))
                .add("aimed at grade", perturbation.target())
                .add("size", perturbation.width() + "x" + perturbation.height())
                .figure("norm, linf", perturbation.norms().linf())
                .figure("norm, l2", perturbation.norms().l2())
                .figure("norm, l1", perturbation.norms().l1())
                .figure("energy below 1/8 of Nyquist", perturbation.spectrum().eighth())
                .figure("energy below 1/4", perturbation.spectrum().quarter())
                .figure("energy below 1/2", perturbation.spectrum().half())
                .figure("fooling rate", foolingRate(perturbation))
                .add("evaluations", crafted ? perturbation.evaluations() : null)
                .add("gradients", crafted ? perturbation.gradientEvaluations() : null)
                .figure("seconds", crafted ? perturbation.seconds() : null)
                .add("picture", operations.store().place(Keys.perturbationFile(perturbation.id(), "delta.png")))
                .add("spectrum", operations.store().place(Keys.perturbationFile(perturbation.id(), "spectrum.svg")));
    }

    /** The norm and the bound, in 8-bit steps where it is a whole number of them. */
    static String bound(Perturbation perturbation) {
        double steps = perturbation.epsilon() * 255;
        boolean whole = perturbation.norm().equals("linf") && Math.abs(steps - Math.rint(steps)) < 1e-5;
        return perturbation.norm() + " "
                + (whole ? Math.round(steps) + "/255" : String.format(Locale.ROOT, "%.4g", perturbation.epsilon()));
    }

    /** On the crafting images, at the end of the learning curve; null where the attack looked at none. */
    static @Nullable Double foolingRate(Perturbation perturbation) {
        List<Perturbation.Point> curve = perturbation.curve();
        return curve.isEmpty() ? null : curve.get(curve.size() - 1).foolingRate();
    }
}
