/** What a grader says of a dataset, clean or perturbed, and the figures that follow from it. */
@NullMarked
package dev.sclera.evaluation;

import org.jspecify.annotations.NullMarked;
