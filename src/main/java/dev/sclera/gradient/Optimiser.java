package dev.sclera.gradient;

/** How parameters follow their gradients; the learning rate is an input of the graph. Semantics are PyTorch's. */
public sealed interface Optimiser {

    /**
     * Stochastic gradient descent with momentum: {@code g += decay·p; v = momentum·v + g; p −= rate·v}, or with
     * Nesterov's momentum {@code p −= rate·(g + momentum·v)} ({@code torch.optim.SGD}, without dampening).
     *
     * @param momentum from 0, which needs no state, to below 1
     * @param weightDecay at least 0
     * @param nesterov whether to look ahead; wants a momentum
     */
    record Sgd(double momentum, double weightDecay, boolean nesterov) implements Optimiser {

        public Sgd {
            require(momentum >= 0 && momentum < 1, "momentum", momentum, "from 0 to below 1");
            require(weightDecay >= 0, "weight decay", weightDecay, "at least 0");
            require(!nesterov || momentum > 0, "momentum", momentum, "above 0 for Nesterov's");
        }
    }

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter 2019, <i>Decoupled Weight Decay Regularization</i>,
     * algorithm 2; {@code torch.optim.AdamW}).
     *
     * @param beta1 of the gradients' running mean, from 0 to below 1
     * @param beta2 of their squares', from 0 to below 1
     * @param epsilon added to the root of the squares, above 0
     * @param weightDecay at least 0
     */
    record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements Optimiser {

        public AdamW {
            require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "from 0 to below 1");
            require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "from 0 to below 1");
            require(epsilon > 0, "epsilon", epsilon, "above 0");
            require(weightDecay >= 0, "weight decay", weightDecay, "at least 0");
        }
    }

    private static void require(boolean holds, String what, double value, String allowed) {
        if (!holds || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "the " + what + " of an optimiser is " + value + ", and must be " + allowed);
        }
    }
}
