/**
 * Where fine-tuning jobs can run: AWS Batch, a Kubernetes cluster, or wherever somebody fetches them from the store.
 */
@NullMarked
package dev.sclera.functions.finetune.dispatch;

import org.jspecify.annotations.NullMarked;
