/** The function that writes datasets of perturbed photographs. */
@NullMarked
package dev.sclera.functions.perturb;

import org.jspecify.annotations.NullMarked;
