/**
 * What predictions are worth: agreement with the true grades, how many predictions a perturbation changes, the clinical
 * figures of referable diabetic retinopathy, intervals over images, and tests of paired figures. Depends on no other
 * package.
 */
@NullMarked
package dev.sclera.metrics;

import org.jspecify.annotations.NullMarked;
