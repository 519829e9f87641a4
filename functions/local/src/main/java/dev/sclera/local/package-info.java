/** All functions in one process: over HTTP, CloudEvents and the command line, on the user's own folder as the store. */
@NullMarked
package dev.sclera.local;

import org.jspecify.annotations.NullMarked;
