/**
 * ONNX graders: their descriptors, the validation of untrusted files, preprocessing in the graph, grading and
 * gradients.
 */
@NullMarked
package dev.sclera.model;

import org.jspecify.annotations.NullMarked;
