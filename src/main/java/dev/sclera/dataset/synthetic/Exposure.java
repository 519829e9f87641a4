package dev.sclera.dataset.synthetic;

import dev.sclera.dataset.image.Picture;

/** Takes the photograph: light, lens, film, file. */
final class Exposure {

    private static final Colour BLOOD = new Colour(0.40, 1.05, 1.05);
    /** A thick pool of blood is dark red. */
    private static final Colour POOL = new Colour(0.58, 1.5, 1.35);

    private static final Colour LIPID = new Colour(1.0, 0.86, 0.46);
    private static final Colour WOOL = new Colour(0.98, 0.86, 0.62);

    private final Camera camera;
    private final Retina retina;
    private final Canvas canvas;

    Exposure(Camera camera, Retina retina, Canvas canvas) {
        this.camera = camera;
        this.retina = retina;
        this.canvas = canvas;
    }

    Picture take(int size, Chance chance) {
        int side = canvas.side();
        Film film = new Film(side);
        for (int row = 0; row < side; row++) {
            double y = canvas.vessels.place(row);
            for (int column = 0; column < side; column++) {
                double x = canvas.vessels.place(column);
                float aperture = camera.aperture(x, y, 2.0 / side);
                if (aperture > 0) {
                    int index = row * side + column;
                    film.set(index, lit(colour(index, x, y), x, y).times(aperture));
                }
            }
        }
        Film small = film.reduced(size);
        // what it is blurred by less than a pixel, reducing has done
        small.blur(camera.blur() * size / 448);
        small.grain(camera.noise() / 255, chance);
        byte[] rgb = small.bytes();
        if (camera.compression() > 0) {
            BlockCompression.compress(rgb, size, camera.compression());
        }
        return new Picture(size, size, rgb);
    }

    private Colour colour(int index, double x, double y) {
        Colour colour = retina.at(x, y);
        float lipid = canvas.lipid.at(index);
        if (lipid > 0) {
            colour = colour.mixed(LIPID, 0.9f * lipid);
        }
        float vessel = canvas.vessels.at(index);
        if (vessel > 0) {
            colour = colour.behind(vessel, BLOOD);
        }
        float wool = canvas.wool.at(index);
        if (wool > 0) {
            colour = colour.mixed(WOOL, 0.85f * wool);
        }
        float blood = canvas.blood.at(index);
        return blood > 0 ? colour.behind(blood, POOL) : colour;
    }

    private Colour lit(Colour colour, double x, double y) {
        double r = (x * x + y * y) / (camera.field() * camera.field());
        double dx = x - camera.spot().x();
        double dy = y - camera.spot().y();
        double light = camera.exposure()
                * (1 - camera.vignette() * r * (0.55 + 0.45 * r))
                * (1 + camera.hotness() * Retina.bell((dx * dx + dy * dy) / 0.2));
        Colour seen = new Colour(
                colour.red() * light * camera.balance().red(),
                colour.green() * light * camera.balance().green(),
                colour.blue() * light * camera.balance().blue());
        if (camera.haze() > 0 && r > 0.3) {
            double towards =
                    (x * StrictMath.cos(camera.hazeFrom()) + y * StrictMath.sin(camera.hazeFrom())) / camera.field();
            double haze = camera.haze() * Retina.ramp(0.62, 1.05, r) * (0.35 + 0.65 * Retina.ramp(-0.6, 1, towards));
            return seen.mixed(camera.hazeColour(), (float) haze);
        }
        return seen;
    }
}
