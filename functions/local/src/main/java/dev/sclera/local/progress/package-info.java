/** How far long work is, on a terminal. */
@NullMarked
package dev.sclera.local.progress;

import org.jspecify.annotations.NullMarked;
