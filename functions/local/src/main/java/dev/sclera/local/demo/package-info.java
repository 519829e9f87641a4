/** All that Sclera does, on data that it makes itself. */
@NullMarked
package dev.sclera.local.demo;

import org.jspecify.annotations.NullMarked;
