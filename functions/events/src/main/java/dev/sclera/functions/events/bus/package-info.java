/** What carries events between functions: EventBridge, or a broker over HTTP. */
@NullMarked
package dev.sclera.functions.events.bus;

import org.jspecify.annotations.NullMarked;
