/** The artifact contract: keys, recipes and their ids, records and their publication, on any S3 endpoint. */
@NullMarked
package dev.sclera.store;

import org.jspecify.annotations.NullMarked;
