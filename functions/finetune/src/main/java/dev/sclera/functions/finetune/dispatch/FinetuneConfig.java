package dev.sclera.functions.finetune.dispatch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where fine-tuning jobs run. */
@ConfigMapping(prefix = "sclera.finetune")
public interface FinetuneConfig {

    /** The dispatcher: {@code batch}, {@code kubernetes}, {@code none}, and {@code local} on one machine. */
    @WithDefault("none")
    String dispatcher();

    /** AWS Batch. */
    Batch batch();

    /** A Kubernetes cluster. */
    Kubernetes kubernetes();

    /** AWS Batch; credentials come from AWS' default chain. */
    interface Batch {

        /** The name or ARN of the job queue, of GPU machines where it is to be fast. */
        Optional<String> queue();

        /** The name or ARN of the job definition, whose container runs the job program. */
        Optional<String> definition();

        /** The region; the store's where none is given. */
        Optional<String> region();

        /** The endpoint; AWS' own for the region where none is given. */
        Optional<URI> endpoint();
    }

    /** A cluster; which one, the usual places say: the pod's service account, {@code KUBECONFIG}, {@code ~/.kube}. */
    interface Kubernetes {

        /** The container image of the job program. */
        Optional<String> image();

        /** The namespace of the jobs; the client's own, or {@code default}, where none is given. */
        Optional<String> namespace();

        /** The service account of the pods; the namespace's default where none is given. */
        Optional<String> serviceAccount();

        /** A secret whose entries become environment variables, such as {@code SCLERA_STORE_ACCESS_KEY}. */
        Optional<String> secret();

        /** How many {@code nvidia.com/gpu} a job gets; 0 for none. */
        @WithDefault("1")
        int gpus();

        /** How much processor time a job gets, as Kubernetes writes it. */
        @WithDefault("4")
        String cpu();

        /** How much memory a job gets, as Kubernetes writes it. */
        @WithDefault("16Gi")
        String memory();

        /**
         * Where jobs tell their ends, as CloudEvents over HTTP: the broker that calls the function
         * {@code finetune-ended}. Where none is given, nobody is told, and campaigns find out when they look.
         */
        Optional<URI> tell();

        /** How often a job that was cut off is started again. */
        @WithDefault("6")
        int retries();

        /** How many seconds a job that ended is kept to be looked at. */
        @WithDefault("604800")
        int keepSeconds();
    }
}
