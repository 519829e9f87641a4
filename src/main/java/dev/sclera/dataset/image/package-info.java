/**
 * From an image file's bytes to canonical pixels and back: decoding with every fault found, cropping, padding,
 * resizing, and PNG encoding whose bytes depend on the pixels alone.
 */
@NullMarked
package dev.sclera.dataset.image;

import org.jspecify.annotations.NullMarked;
