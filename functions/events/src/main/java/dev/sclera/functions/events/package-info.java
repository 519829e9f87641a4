/** The functions that events call: an upload starts a campaign, and its steps call each other. */
@NullMarked
package dev.sclera.functions.events;

import org.jspecify.annotations.NullMarked;
