package dev.sclera.dataset.synthetic;

/** Three figures, for red, green and blue: a colour of 0 to 1, or how much each channel is weakened. */
record Colour(float red, float green, float blue) {

    Colour(double red, double green, double blue) {
        this((float) red, (float) green, (float) blue);
    }

    Colour mixed(Colour other, float share) {
        return new Colour(
                red + share * (other.red - red),
                green + share * (other.green - green),
                blue + share * (other.blue - blue));
    }

    /** The colour behind so much of what absorbs as {@code strength} says: about {@code c·exp(−depth·strength)}. */
    Colour behind(float depth, Colour strength) {
        return new Colour(
                red * through(depth * strength.red),
                green * through(depth * strength.green),
                blue * through(depth * strength.blue));
    }

    Colour times(float factor) {
        return new Colour(red * factor, green * factor, blue * factor);
    }

    /** The exponential of −d by its series below the fraction: the same on every machine, and quick. */
    private static float through(float d) {
        return 1 / (1 + d * (1 + d * (0.5f + d * 0.1667f)));
    }
}
