/** Repair of graders: fine-tuning on perturbed images, ONNX in, ONNX out, as jobs that can be cut off anywhere. */
@NullMarked
package dev.sclera.defense;

import org.jspecify.annotations.NullMarked;
