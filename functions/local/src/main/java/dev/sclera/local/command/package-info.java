/** The command line. */
@NullMarked
package dev.sclera.local.command;

import org.jspecify.annotations.NullMarked;
