package dev.sclera.dataset.synthetic;

/** What the back of an eye looks like without vessels and lesions. */
final class Retina {

    private static final Colour FAIR = new Colour(0.93, 0.50, 0.30);
    private static final Colour MIDDLE = new Colour(0.80, 0.42, 0.20);
    private static final Colour DARK = new Colour(0.60, 0.31, 0.15);
    private static final Colour MELANIN = new Colour(0.55, 0.85, 0.9);
    private static final Colour RIM = new Colour(1.1, 0.64, 0.36);
    private static final Colour PALE_RIM = new Colour(1.15, 0.74, 0.44);
    private static final Colour CUP = new Colour(1.2, 0.89, 0.58);
    private static final Colour SCLERA = new Colour(1.0, 0.80, 0.58);

    private final Anatomy eye;
    private final Noise noise;
    private final Noise choroid;
    private final Colour base;
    private final double diameter;

    Retina(Anatomy eye, Chance chance) {
        this.eye = eye;
        noise = chance.noise();
        choroid = chance.noise();
        double dark = eye.pigment();
        base = dark < 0.5 ? FAIR.mixed(MIDDLE, (float) (2 * dark)) : MIDDLE.mixed(DARK, (float) (2 * dark - 1));
        diameter = eye.discDiameter();
    }

    Colour at(double x, double y) {
        double disc = eye.discDistance(x, y);
        Colour background = disc < 0.9 ? base : background(x, y, disc);
        if (disc > 1.7) {
            return background;
        }
        return withDisc(background, x, y, disc);
    }

    private Colour background(double x, double y, double disc) {
        double mottle = noise.fractal(x * 2.3, y * 2.3, 3);
        double grain = noise.fractal(x * 31, y * 31, 2);
        double melanin = 0.12 * mottle + 0.09 * grain + 0.1;
        double dx = (x - eye.fovea().x()) / diameter;
        double dy = (y - eye.fovea().y()) / diameter;
        double macula = dx * dx + dy * dy;
        if (eye.tessellation() > 0) {
            melanin += eye.tessellation() * (1 - bell(macula / 1.4)) * (0.36 * tessellation(x, y) + 0.05);
        }
        melanin += (0.22 + 0.25 * eye.pigment()) * bell(macula / 0.75) + 0.22 * bell(macula / 0.06);
        Colour colour = base.behind((float) Math.max(0, melanin), MELANIN);
        float shine = (float) (eye.sheen() * sheen(x, y, disc, macula));
        return shine > 0 ? colour.times(1 + shine) : colour;
    }

    /** The choroid's vessels: pale ribbons that wind between pigment. */
    private double tessellation(double x, double y) {
        double wx = x * 8 + 0.8 * choroid.at(x * 6, y * 6);
        double wy = y * 8 + 0.8 * choroid.at(x * 6 + 31, y * 6 + 11);
        double ribbon = Math.abs(choroid.at(wx, wy) + 0.4 * choroid.at(wx * 2.1 + 7, wy * 2.1 + 3));
        return Math.min(1, 2.2 * ribbon);
    }

    /** Nerve fibres that reflect, in streaks that fan out from the disc; and the macula's ring. */
    private double sheen(double x, double y, double disc, double macula) {
        double streaks = 0;
        if (disc < 6) {
            double near = bell((disc - 1) * (disc - 1) / 5);
            double angle = StrictMath.atan2(y - eye.disc().y(), (x - eye.disc().x()) * 1.0);
            double vertical = Math.abs(y - eye.disc().y())
                    / (0.2 * diameter + Math.abs(y - eye.disc().y()));
            streaks = 0.2 * near * vertical * (0.75 + 0.5 * noise.at(angle * 11 + 40, disc * 0.4));
        }
        double ring = Math.sqrt(macula) - 0.62;
        return streaks + 0.07 * bell(ring * ring / 0.012);
    }

    private Colour withDisc(Colour background, double x, double y, double disc) {
        double temporal = (x - eye.disc().x()) * eye.side().temporal() / (diameter / 2);
        double wobble = 0.07 * noise.at(x / diameter * 3 + 9, y / diameter * 3 + 9);
        double d = disc + wobble;
        Colour around = background;
        if (eye.crescent() > 0) {
            double reach = 1 + 0.4 * eye.crescent() * Math.max(0, temporal / (0.3 + disc));
            around = background.mixed(SCLERA, (float) (0.6 * eye.crescent() * ramp(reach + 0.06, reach - 0.06, d)));
        }
        // a pigmented line, and the glow of the nerve fibres beside it
        around = around.times((float) (1 + 0.1 * bell((d - 1.12) * (d - 1.12) / 0.1)));
        Colour rim = RIM.mixed(PALE_RIM, (float) Math.max(0, Math.min(1, 0.5 + 0.5 * temporal)));
        double shift = disc - 0.12 * temporal;
        float cup = (float) ramp(eye.cup() + 0.16, eye.cup() - 0.12, shift + wobble);
        Colour within =
                rim.mixed(CUP, cup).times((float) (0.95 + 0.05 * noise.at(x * 40, y * 40) - 0.10 * eye.pigment()));
        return around.mixed(within, (float) (0.94 * ramp(1.12, 0.86, d)));
    }

    /** 1 at 0, and falling as a bell does; its argument is a square. */
    static double bell(double squared) {
        double t = 1 + squared / 3;
        return 1 / (t * t * t);
    }

    /** 0 at {@code from} to 1 at {@code to}, smoothly. */
    static double ramp(double from, double to, double x) {
        double t = Math.max(0, Math.min(1, (x - from) / (to - from)));
        return t * t * (3 - 2 * t);
    }
}
