/** The function that measures a model on a dataset, clean or perturbed. */
@NullMarked
package dev.sclera.functions.evaluate;

import org.jspecify.annotations.NullMarked;
