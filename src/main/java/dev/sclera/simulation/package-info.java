/**
 * Campaigns of many models as discrete events: what runs at a time, what waits for what, and which of a cloud's limits
 * are met. A part of the work that is cut for one invocation is the smallest thing that is looked at.
 */
@NullMarked
package dev.sclera.simulation;

import org.jspecify.annotations.NullMarked;
