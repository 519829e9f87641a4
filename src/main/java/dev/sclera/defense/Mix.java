package dev.sclera.defense;

import java.util.Map;

/**
 * How clean and perturbed images are mixed.
 *
 * @param share of the images of a batch, how many are perturbed, 0 to 1; with a consistency above 0 each image comes
 *     clean and perturbed, and this is how much of the cross-entropy is that of the perturbed one
 * @param randomSign whether δ or −δ is added, by the toss of a coin per image
 * @param leastScale per image δ is scaled by a factor drawn evenly from this to 1; from 0 to 1, and 1 leaves δ as it is
 * @param shift per image δ is moved around by up to so many pixels in each direction, what leaves on one side coming
 *     back on the other; 0 to 512, and less than the images' sides
 * @param consistency how much the divergence of the answers to an image, clean and perturbed, weighs (TRADES); 0 to
 *     100, 0 for none
 */
public record Mix(double share, boolean randomSign, double leastScale, int shift, double consistency) {

    /** Half of the images perturbed, δ as it is. */
    public static final Mix DEFAULT = new Mix(0.5, false, 1, 0, 0);

    void check() {
        Allowed.share("mix.share", share);
        Allowed.range("mix.leastScale", leastScale, 0, 1);
        Allowed.count("mix.shift", shift, 0, 512);
        Allowed.range("mix.consistency", consistency, 0, 100);
    }

    Map<String, Object> parameters() {
        return Map.of(
                "share",
                share,
                "randomSign",
                randomSign,
                "leastScale",
                leastScale,
                "shift",
                shift,
                "consistency",
                consistency);
    }
}
