/** The artifact of all functions. */
@NullMarked
package dev.sclera.lambda.models;

import org.jspecify.annotations.NullMarked;
