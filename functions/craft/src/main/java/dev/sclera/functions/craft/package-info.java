/** The function that crafts universal perturbations. */
@NullMarked
package dev.sclera.functions.craft;

import org.jspecify.annotations.NullMarked;
