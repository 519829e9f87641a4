/** What operators are told of the work; a thin seam, so that the library knows neither meters nor traces. */
@NullMarked
package dev.sclera.telemetry;

import org.jspecify.annotations.NullMarked;
