/** How perturbations follow slopes within a norm: what crafting them and training on them have in common. */
@NullMarked
package dev.sclera.ascent;

import org.jspecify.annotations.NullMarked;
