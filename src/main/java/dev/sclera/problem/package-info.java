/** Errors that a caller can act on: what was wrong, with which field and value, and what is allowed. */
@NullMarked
package dev.sclera.problem;

import org.jspecify.annotations.NullMarked;
