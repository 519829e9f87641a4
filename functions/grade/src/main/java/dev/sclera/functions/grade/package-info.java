/** The function that has a model grade photographs. */
@NullMarked
package dev.sclera.functions.grade;

import org.jspecify.annotations.NullMarked;
