/**
 * What happens by itself: uploads that start campaigns, steps that start further ones, and the buses that carry the
 * events between them. Events may come twice and in any order.
 */
@NullMarked
package dev.sclera.events;

import org.jspecify.annotations.NullMarked;
