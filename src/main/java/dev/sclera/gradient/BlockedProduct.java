package dev.sclera.gradient;

/**
 * The product of two tensors of one shape, value by value.
 *
 * @param left the one
 * @param right the other
 */
record BlockedProduct(String left, String right) implements BlockedGraph.Deferred {

    @Override
    public String emit(BlockedGraph graph) {
        return graph.builder().multiply(graph.blocked(left), graph.blocked(right));
    }
}
