/** Canonical images in shards, their import, perturbations in pixel space and the perturbed datasets made with them. */
@NullMarked
package dev.sclera.dataset;

import org.jspecify.annotations.NullMarked;
