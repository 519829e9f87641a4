/**
 * What Lambda does with an artifact: starts it by its own runtime client, sends it requests, and looks at the clock.
 */
@NullMarked
package dev.sclera.rehearsal;

import org.jspecify.annotations.NullMarked;
