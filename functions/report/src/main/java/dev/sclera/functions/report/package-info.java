/** The function that reports evaluations. */
@NullMarked
package dev.sclera.functions.report;

import org.jspecify.annotations.NullMarked;
