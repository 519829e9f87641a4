package dev.sclera.dataset.synthetic;

import dev.sclera.dataset.image.Picture;
import java.util.List;

/**
 * A synthetic fundus photograph: nobody's eye.
 *
 * @param seed that it was drawn from
 * @param grade 0 to 4
 * @param eye its anatomy
 * @param picture {@code [size,size,3]}
 * @param map where its lesions are
 * @param lesions what its lesions are; beaded veins are a lesion for each of some beads
 */
public record FundusPhotograph(
        long seed, int grade, Anatomy eye, Picture picture, LesionMap map, List<Lesion> lesions) {

    public FundusPhotograph {
        lesions = List.copyOf(lesions);
    }
}
