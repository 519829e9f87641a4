package dev.sclera.report;

import dev.sclera.report.Report.Row;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How figures, bounds and variants are written for people; the same in every place and under every locale. */
final class Wording {

    /** The grades of the international clinical diabetic retinopathy (ICDR) scale. */
    private static final List<String> ICDR = List.of("No DR", "Mild", "Moderate", "Severe", "Proliferative");

    private static final String MINUS = "\u2212";

    private static final String NOT_DEFINED = "n/a";

    private Wording() {}

    /** A grade's name, where the dataset has the five grades of the ICDR scale. */
    static String grade(int grade, int grades) {
        return grades == ICDR.size() && grade >= 0 && grade < grades ? ICDR.get(grade) : "Grade " + grade;
    }

    /** A figure with so many decimals; {@code n/a} where it is not defined. */
    static String figure(@Nullable Double value, int decimals) {
        return value == null ? NOT_DEFINED : signed(rounded(value, decimals).toPlainString());
    }

    /** A share in percent with so many decimals; never rounded to none or to all where it is not. */
    static String percent(@Nullable Double share, int decimals) {
        if (share == null) {
            return NOT_DEFINED;
        }
        BigDecimal percent = rounded(share * 100, decimals);
        BigDecimal smallest = BigDecimal.ONE.movePointLeft(decimals);
        if (share > 0 && percent.signum() == 0) {
            return "<" + smallest.toPlainString() + "\u00a0%";
        }
        BigDecimal all = BigDecimal.valueOf(100).setScale(decimals);
        if (share < 1 && percent.compareTo(all) == 0) {
            return ">" + all.subtract(smallest).toPlainString() + "\u00a0%";
        }
        return signed(percent.toPlainString()) + "\u00a0%";
    }

    /** The change from one figure to another, with its sign; empty where one of them is not defined. */
    static String change(@Nullable Double from, @Nullable Double to, int decimals) {
        if (from == null || to == null) {
            return "";
        }
        // of the figures as they are shown, so that a reader's subtraction agrees
        BigDecimal change = rounded(to, decimals).subtract(rounded(from, decimals));
        return change.signum() == 0 ? "±0" : (change.signum() > 0 ? "+" : "") + signed(change.toPlainString());
    }

    /** A bound on pixels, {@code 8/255} where it is so many 8-bit steps. */
    static String epsilon(double epsilon) {
        double steps = epsilon * 255;
        long whole = Math.round(steps);
        if (whole >= 1 && Math.abs(steps - whole) < 1e-5) {
            return whole + "/255";
        }
        return new BigDecimal(epsilon, new MathContext(4)).stripTrailingZeros().toPlainString();
    }

    /** A bound in its norm: in 8-bit steps for L∞ alone, as the others add up over pixels. */
    static String epsilon(String norm, double epsilon) {
        return norm.equals("l2") || norm.equals("l1")
                ? new BigDecimal(epsilon, new MathContext(4))
                        .stripTrailingZeros()
                        .toPlainString()
                : epsilon(epsilon);
    }

    /** A perturbation's bound in its norm, for example {@code L∞ ≤ 8/255}. */
    static String bound(String norm, double epsilon) {
        String name = norm.equals("linf") ? "L∞" : norm.toUpperCase(Locale.ROOT);
        return name + " ≤ " + epsilon(norm, epsilon);
    }

    /** What was done to the images of a row. */
    static String variant(Row row) {
        String attack = row.attack() == null ? "" : row.attack();
        return switch (row.access()) {
            case CLEAN -> "clean";
            case CONTROL, WHITE_BOX, DATA_FREE, BLACK_BOX, IMPORTED -> attack;
            case TRANSFER -> row.source() == null ? attack : attack + " from " + row.source();
        };
    }

    /** What a perturbation is to the evaluated model. */
    static String access(Report.Access access) {
        return switch (access) {
            case CLEAN -> "no perturbation";
            case CONTROL -> "control";
            case WHITE_BOX -> "white-box";
            case DATA_FREE -> "data-free";
            case BLACK_BOX -> "black-box";
            case TRANSFER -> "transfer";
            case IMPORTED -> "imported";
        };
    }

    /** The first digits of an id, enough for people to tell ids apart. */
    static String shortId(String id) {
        return id.length() <= 12 ? id : id.substring(0, 12);
    }

    /** A whole number with its thousands set apart. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count).replace(',', '\u202f');
    }

    private static BigDecimal rounded(double value, int decimals) {
        return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN);
    }

    private static String signed(String number) {
        return number.startsWith("-") ? MINUS + number.substring(1) : number;
    }
}
