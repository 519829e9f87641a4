/** The function that runs whole campaigns. */
@NullMarked
package dev.sclera.functions.campaign;

import org.jspecify.annotations.NullMarked;
