/** A real S3 endpoint in the process, on a folder of the user's: the default where there is no S3 to go to. */
@NullMarked
package dev.sclera.store.embedded;

import org.jspecify.annotations.NullMarked;
