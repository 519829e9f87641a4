/**
 * Functions on AWS Lambda: who invokes one, and with what, is told apart here; functions themselves know nothing of it.
 */
@NullMarked
package dev.sclera.functions.lambda;

import org.jspecify.annotations.NullMarked;
