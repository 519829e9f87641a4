/** Events as CloudEvents, and how a broker over HTTP is handed them. */
@NullMarked
package dev.sclera.functions.broker;

import org.jspecify.annotations.NullMarked;
