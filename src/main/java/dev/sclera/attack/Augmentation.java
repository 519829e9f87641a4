package dev.sclera.attack;

import dev.sclera.model.PixelView;
import java.util.List;

/** Changes of images and slopes by which a perturbation transfers better to models that it was not crafted against. */
interface Augmentation {

    /**
     * The views that models get of a batch, one per image; empty where they get the images as they are.
     *
     * @param moment with the run's seed it determines the views
     */
    List<PixelView> views(Batch batch, long moment);

    /** The slope that a run follows, made of the slope over a batch; may be the same array. */
    float[] smooth(float[] slope);

    /** Images and slopes as they are. */
    static Augmentation none() {
        return new Augmentation() {
            @Override
            public List<PixelView> views(Batch batch, long moment) {
                return List.of();
            }

            @Override
            public float[] smooth(float[] slope) {
                return slope;
            }
        };
    }
}
