/** What the HTTP server adds to the functions. */
@NullMarked
package dev.sclera.local.http;

import org.jspecify.annotations.NullMarked;
