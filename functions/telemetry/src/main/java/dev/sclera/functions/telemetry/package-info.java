/** Meters and traces of what functions do, for whatever registry and exporter there is. */
@NullMarked
package dev.sclera.functions.telemetry;

import org.jspecify.annotations.NullMarked;
