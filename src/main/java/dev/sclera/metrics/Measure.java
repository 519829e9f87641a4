package dev.sclera.metrics;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A figure, or the reason why there is none: exactly one of the two components is null. A figure is always finite, so
 * that a case without an answer never travels as NaN.
 *
 * @param value the figure, finite; null where it is undefined
 * @param reason why the figure is undefined, a clause in the user's words; null where it is defined
 */
public record Measure(@Nullable Double value, @Nullable String reason) {

    /** @throws IllegalArgumentException if both or neither component is null, or the value is not finite */
    public Measure {
        if ((value == null) == (reason == null)) {
            throw new IllegalArgumentException("A measure has either a value or the reason why there is none, but got"
                    + " the value " + value + " and the reason " + reason + ".");
        }
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException("The value of a measure is " + value + ", but has to be finite.");
        }
    }

    /** @throws IllegalArgumentException if the value is not finite */
    public static Measure of(double value) {
        return new Measure(value, null);
    }

    public static Measure undefined(String reason) {
        return new Measure(null, requireNonNull(reason, "reason is null"));
    }

    /** {@code part / whole}, undefined for the given reason where the whole is 0. */
    static Measure share(long part, long whole, String reasonIfNone) {
        return whole == 0 ? undefined(reasonIfNone) : of((double) part / whole);
    }

    public boolean defined() {
        return value != null;
    }

    public OptionalDouble asOptional() {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    public Optional<String> whyUndefined() {
        return Optional.ofNullable(reason);
    }

    /** @throws IllegalStateException if the figure is undefined; the message is the reason */
    public double orElseThrow() {
        if (value == null) {
            throw new IllegalStateException("The figure is undefined: " + reason + ".");
        }
        return value;
    }

    /** This figure minus the other; undefined, for the first reason there is, where either is undefined. */
    public Measure minus(Measure other) {
        if (value == null) {
            return this;
        }
        return other.value == null ? other : of(value - other.value);
    }
}
