package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Einstein's summation with a letter for every axis.
 *
 * @param operands the letters of each operand's axes
 * @param result the letters of the result's axes; the sum goes over the others
 */
record EinsumEquation(List<String> operands, String result) {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final String ELLIPSIS = "...";

    /**
     * Parses ONNX's form of it. An ellipsis becomes letters that are not taken, aligned from the right as for
     * broadcasting; without an arrow the result has, sorted, the letters that occur once.
     *
     * @param ranks of the operands
     */
    static EinsumEquation parse(String equation, int[] ranks) {
        String compact = equation.replace(" ", "");
        String[] sides = compact.split("->", -1);
        String[] terms = sides[0].split(",", -1);
        int longest = 0;
        for (int i = 0; i < terms.length; i++) {
            longest = Math.max(longest, hidden(terms[i], ranks[i]));
        }
        String free = letters(
                ALPHABET.chars().filter(letter -> compact.indexOf(letter) < 0).limit(longest));
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            operands.add(spelled(terms[i], free.substring(longest - hidden(terms[i], ranks[i]))));
        }
        String result = sides.length > 1 ? spelled(sides[1], free) : free + once(sides[0]);
        return new EinsumEquation(List.copyOf(operands), result);
    }

    /** How many axes an operand's ellipsis stands for. */
    private static int hidden(String term, int rank) {
        return term.contains(ELLIPSIS) ? rank - (term.length() - ELLIPSIS.length()) : 0;
    }

    private static String spelled(String term, String letters) {
        return term.replace(ELLIPSIS, letters);
    }

    private static String once(String terms) {
        return letters(terms.chars()
                .filter(Character::isLetter)
                .filter(letter -> terms.indexOf(letter) == terms.lastIndexOf(letter))
                .sorted());
    }

    /** Whether an operand's diagonal is taken. */
    boolean repeats() {
        return operands.stream().anyMatch(operand -> operand.chars().distinct().count() < operand.length());
    }

    /** The letters of an operand that others, or the result, have too. */
    String shared(int operand) {
        StringBuilder others = new StringBuilder(result);
        for (int i = 0; i < operands.size(); i++) {
            others.append(i == operand ? "" : operands.get(i));
        }
        return letters(operands.get(operand).chars().filter(letter -> others.indexOf(Character.toString(letter)) >= 0));
    }

    private static String letters(IntStream letters) {
        return letters.mapToObj(Character::toString).collect(Collectors.joining());
    }
}
