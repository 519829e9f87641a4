/** The function that submits fine-tuning jobs, has them run elsewhere, and tells how far they are. */
@NullMarked
package dev.sclera.functions.finetune;

import org.jspecify.annotations.NullMarked;
