/** What campaigns take in invocations, hours and money, before they are run. */
@NullMarked
package dev.sclera.cost;

import org.jspecify.annotations.NullMarked;
