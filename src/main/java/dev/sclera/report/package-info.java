/** Evaluations as tables, figures and one self-contained page. */
@NullMarked
package dev.sclera.report;

import org.jspecify.annotations.NullMarked;
