/** What is deployed, held against the provider's schema, Kubernetes' model, and the functions' configuration. */
@NullMarked
package dev.sclera.infra;

import org.jspecify.annotations.NullMarked;
