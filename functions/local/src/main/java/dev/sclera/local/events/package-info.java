/** Events within one process: what the embedded S3 tells, and what follows from it. */
@NullMarked
package dev.sclera.local.events;

import org.jspecify.annotations.NullMarked;
