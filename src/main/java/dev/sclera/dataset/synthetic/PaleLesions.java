package dev.sclera.dataset.synthetic;

/** Draws hard exudates and cotton-wool spots. */
final class PaleLesions {

    private final Anatomy eye;
    private final Canvas canvas;
    private final Sites sites;
    private final Chance chance;
    private final Noise noise;

    PaleLesions(Anatomy eye, Canvas canvas, Sites sites, Chance chance) {
        this.eye = eye;
        this.canvas = canvas;
        this.sites = sites;
        this.chance = chance;
        noise = chance.noise();
    }

    void draw(LesionPlan plan) {
        for (int i = 0; i < plan.wool(); i++) {
            wool();
        }
        for (int i = 0; i < plan.exudates(); i++) {
            group();
        }
    }

    private void wool() {
        double radius = chance.between(0.028, 0.055);
        // where nerve fibres are thick: not far from the disc, and not at the fovea
        Lesion lesion = sites.free(
                LesionKind.COTTON_WOOL_SPOT,
                radius,
                place -> place.distance(eye.disc()) < 0.85 && place.distance(eye.fovea()) > 0.22);
        double across = StrictMath.atan2(
                        lesion.at().y() - eye.disc().y(),
                        lesion.at().x() - eye.disc().x())
                + Math.PI / 2
                + 0.3 * chance.normal();
        Blot shape = new Blot(
                lesion.at(),
                lesion.radius(),
                lesion.radius() * chance.between(0.5, 0.8),
                across,
                0.45,
                0.55,
                chance.between(0.75, 0.95),
                noise);
        canvas.lesion(LesionKind.COTTON_WOOL_SPOT, canvas.wool, lesion.at(), shape.reach(), (x, y) -> {
            double within = shape.at(x, y);
            return within == 0 ? 0 : within * (0.85 + 0.3 * noise.at(x * 55, y * 55));
        });
    }

    /** Lipid lies around what leaks: in patches, or in a ring. */
    private void group() {
        boolean macular = chance.withProbability(0.6);
        double reach = macular ? 0.42 : 0.75;
        Point middle = sites.free(
                        LesionKind.HARD_EXUDATE,
                        0.012,
                        place -> place.distance(eye.fovea()) < reach && place.distance(eye.fovea()) > 0.05)
                .at();
        patch(middle, 0.01);
        boolean ring = chance.withProbability(0.45);
        double spread = ring ? chance.between(0.09, 0.2) : chance.between(0.05, 0.15);
        double from = chance.between(-Math.PI, Math.PI);
        double arc = chance.between(2.2, 2 * Math.PI);
        int count = chance.count(8, ring ? 42 : 30);
        for (int i = 0; i < count; i++) {
            double angle = ring ? from + arc * chance.between(0, 1) : chance.between(-Math.PI, Math.PI);
            double distance = ring ? spread * (1 + 0.13 * chance.normal()) : spread * Math.abs(chance.normal()) * 0.8;
            Point place = middle.plus(distance * StrictMath.cos(angle), distance * StrictMath.sin(angle));
            double radius =
                    chance.between(0.004, 0.011) * (chance.withProbability(0.15) ? chance.between(1.6, 2.6) : 1);
            if (sites.inside(place, radius) && canvas.blood.at(place) == 0) {
                patch(place, radius);
                sites.take(new Lesion(LesionKind.HARD_EXUDATE, place, radius));
            }
        }
    }

    private void patch(Point place, double radius) {
        Blot shape = new Blot(
                place,
                radius * chance.between(1, 1.5),
                radius * chance.between(0.75, 1),
                chance.between(0, Math.PI),
                0.6,
                0.12,
                chance.between(0.7, 0.98),
                noise);
        canvas.lesion(LesionKind.HARD_EXUDATE, canvas.lipid, place, shape.reach(), shape);
    }
}
