package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.NodeProto;

/** How the slope passes backwards through one operator. */
@FunctionalInterface
interface OperatorGradient {

    /**
     * Adds, for each input of the node that the pass wants a slope of, the node's contribution to it.
     *
     * @param node of the forward graph
     * @param slope the name of ∂loss/∂(the node's first output), of that output's shape
     * @param pass where the contributions go
     */
    void backward(NodeProto node, String slope, BackwardPass pass);
}
