package dev.sclera.gradient;

import java.util.List;

/** Which of a network's activations are its features. */
public sealed interface Layers {

    /**
     * What comes out of each convolution with its activation; where none follows it, of the convolution. An activation
     * is one operator, or several that gate the convolution's output by a function of itself, as SiLU and GELU are
     * written.
     */
    record Activated() implements Layers {}

    /**
     * The layers of any classifier: {@link Activated}; and where a network has one convolution at most, as a
     * transformer that embeds patches by one, also what comes out of each matrix product with an activation: of a
     * transformer the hidden layer of every block's MLP.
     */
    record Hidden() implements Layers {}

    /** What comes out of each convolution. A normalisation with fixed statistics behind it counts as part of it. */
    record Convolutions() implements Layers {}

    /**
     * One of {@link Activated}.
     *
     * @param share how far along: 0 for the first, 1 for the last
     */
    record ActivatedAt(double share) implements Layers {

        public ActivatedAt {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("a layer is 0 to 1 of the way along, and not " + share);
            }
        }
    }

    /** The last feature map: the last tensor {@code [n,c,h,w]} of more than one position, before it is pooled. */
    record LastMap() implements Layers {}

    /**
     * Given tensors.
     *
     * @param tensors their names in the model, at least one
     */
    record Named(List<String> tensors) implements Layers {

        public Named {
            tensors = List.copyOf(tensors);
            if (tensors.isEmpty()) {
                throw new IllegalArgumentException("name at least one tensor");
            }
        }
    }
}
