/** Reports by the clock, while the functions are served. */
@NullMarked
package dev.sclera.local.schedule;

import org.jspecify.annotations.NullMarked;
