/**
 * Derives gradient graphs from forward ONNX graphs: ONNX in, ONNX out, standard operators only. Knows ONNX and nothing
 * else of this project.
 */
@NullMarked
package dev.sclera.gradient;

import org.jspecify.annotations.NullMarked;
