/**
 * The program that a fine-tuning job runs as: plain Java without a framework, for it starts where jobs run, on a queue
 * of GPU machines, in a cluster, in a child process, and has nothing to serve. It stands beside the functions since it
 * is deployed like them, one artifact, and put together from the library alone.
 */
@NullMarked
package dev.sclera.job;

import org.jspecify.annotations.NullMarked;
