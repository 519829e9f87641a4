/** From a campaign's specification to the work that is still to be done. */
@NullMarked
package dev.sclera.campaign;

import org.jspecify.annotations.NullMarked;
