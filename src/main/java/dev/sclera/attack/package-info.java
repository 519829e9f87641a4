/** Universal adversarial perturbations: one class per algorithm, their common loop, the registry. */
@NullMarked
package dev.sclera.attack;

import org.jspecify.annotations.NullMarked;
