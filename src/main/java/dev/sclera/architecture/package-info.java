/** Small graders of our own as ONNX files, and fresh weights for any. */
@NullMarked
package dev.sclera.architecture;

import org.jspecify.annotations.NullMarked;
