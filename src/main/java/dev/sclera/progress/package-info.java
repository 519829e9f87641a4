/** How long work tells how far it is; a thin facade, so that the library knows neither terminals nor log formats. */
@NullMarked
package dev.sclera.progress;

import org.jspecify.annotations.NullMarked;
