package dev.sclera.dataset.image;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A canonical Huffman code as DEFLATE has it (RFC 1951, section 3.2.2): no code longer than 15 bits.
 *
 * @param lengths by symbol, the bits of its code; 0 where it does not occur
 * @param codes by symbol, its code with the first bit lowest, ready to be written
 */
record HuffmanCode(int[] lengths, int[] codes) {

    private static final int LONGEST = 15;

    /** A node of the tree; leaves have a symbol, inner nodes two children. Order decides between equal weights. */
    private record Node(long weight, int order, int symbol, Node[] children) {}

    /** The code that is shortest for these counts, of which at least two are above 0. */
    static HuffmanCode of(int[] counts) {
        int[] scaled = counts.clone();
        int[] lengths = lengths(scaled);
        while (Arrays.stream(lengths).max().orElse(0) > LONGEST) {
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = (scaled[i] + 1) / 2;
            }
            lengths = lengths(scaled);
        }
        return new HuffmanCode(lengths, codes(lengths));
    }

    private static int[] lengths(int[] counts) {
        PriorityQueue<Node> queue =
                new PriorityQueue<>(Comparator.comparingLong(Node::weight).thenComparingInt(Node::order));
        for (int symbol = 0; symbol < counts.length; symbol++) {
            if (counts[symbol] > 0) {
                queue.add(new Node(counts[symbol], symbol, symbol, new Node[0]));
            }
        }
        int[] lengths = new int[counts.length];
        int order = counts.length;
        while (queue.size() > 1) {
            Node one = queue.remove();
            Node other = queue.remove();
            queue.add(new Node(one.weight() + other.weight(), order++, -1, new Node[] {one, other}));
        }
        measure(queue.remove(), 0, lengths);
        return lengths;
    }

    private static void measure(Node node, int depth, int[] lengths) {
        if (node.children().length == 0) {
            lengths[node.symbol()] = depth;
        }
        for (Node child : node.children()) {
            measure(child, depth + 1, lengths);
        }
    }

    private static int[] codes(int[] lengths) {
        int[] codes = new int[lengths.length];
        int next = 0;
        for (int length = 1; length <= LONGEST; length++) {
            next <<= 1;
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    codes[symbol] = Integer.reverse(next++) >>> 32 - length;
                }
            }
        }
        return codes;
    }
}
