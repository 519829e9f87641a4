/** Fine-tuning jobs on one machine: each in a process of its own. */
@NullMarked
package dev.sclera.local.jobs;

import org.jspecify.annotations.NullMarked;
