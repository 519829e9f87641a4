/** Events that could not be dealt with, wherever they were kept, and how they come back. */
@NullMarked
package dev.sclera.functions.events.redrive;

import org.jspecify.annotations.NullMarked;
