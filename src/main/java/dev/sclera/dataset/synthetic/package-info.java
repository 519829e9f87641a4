/**
 * Synthetic fundus photographs: pictures of eyes that nobody has, drawn from a seed, with a map of the lesions that a
 * grade asks for. For tests, demonstrations and trials; not for what is to be said of people.
 */
@NullMarked
package dev.sclera.dataset.synthetic;

import org.jspecify.annotations.NullMarked;
