package dev.sclera.defense;

import java.util.Map;

/**
 * Which epoch's weights are kept: those with the highest quadratic kappa under attack on the validation images, among
 * the epochs whose clean quadratic kappa is within a bound of the original's. Where no epoch is within the bound, those
 * with the highest clean kappa, and the record says so.
 *
 * <p>Where perturbations change from epoch to epoch, so does how much they harm, by chance: the last epoch is kept of
 * those that come within 0.05 of the highest. Where they are crafted anew after some epochs, it is one of these: under
 * attack by what it was trained on, an epoch looks better than it is.
 *
 * @param cleanLoss by how much the clean quadratic kappa may fall, 0 to 2
 * @param patience after how many epochs without a higher one training ends; 0 to 1000, 0 for not before the last
 */
public record Stopping(double cleanLoss, int patience) {

    /** A loss of up to 0.02, all epochs. */
    public static final Stopping DEFAULT = new Stopping(0.02, 0);

    void check() {
        Allowed.range("stopping.cleanLoss", cleanLoss, 0, 2);
        Allowed.count("stopping.patience", patience, 0, 1000);
    }

    Map<String, Object> parameters() {
        return Map.of("cleanLoss", cleanLoss, "patience", patience);
    }
}
