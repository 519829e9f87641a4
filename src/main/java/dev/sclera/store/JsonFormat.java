package dev.sclera.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sclera.problem.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The one form in which records are written as JSON, and how strictly they are read. */
public final class JsonFormat {

    /** What {@code requireNonNull(attack, "attack is null")} says. */
    private static final Pattern ABSENT = Pattern.compile("([A-Za-z0-9]+) is null$");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .annotationIntrospector(new OwnDeserializersIgnored())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // the shortest digits that give back the same double, on every JDK: ids depend on it
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            // 2.7 is no number of passes, and "0.1" is no epsilon: nothing is cut off or guessed
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(LogicalType.Integer, JsonFormat::numbersAlone)
            .withCoercionConfig(LogicalType.Float, JsonFormat::numbersAlone)
            .build();

    private JsonFormat() {}

    /** Requests name {@link StrictRecord} for other mappers, and it comes back to this one. */
    private static final class OwnDeserializersIgnored extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Object findDeserializer(Annotated annotated) {
            return null;
        }
    }

    /** What a parser of any mapper is about to read; a name that stands twice in an object is an error. */
    static JsonNode tree(JsonParser parser) throws IOException {
        return MAPPER.readTree(parser);
    }

    private static void numbersAlone(MutableCoercionConfig coercions) {
        coercions.setCoercion(CoercionInputShape.String, CoercionAction.Fail);
        coercions.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
    }

    /** A value as indented JSON, UTF-8, with a line's end at the end. */
    public static byte[] write(Object value) {
        try {
            return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " has no JSON form", e);
        }
    }

    /** A value as JSON on one line. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " has no JSON form", e);
        }
    }

    /**
     * Reads a record.
     *
     * @throws InvalidValueException where it is not JSON, or a field is unknown, missing or of another type
     */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(new String(json, StandardCharsets.UTF_8), type);
        } catch (UnrecognizedPropertyException e) {
            Collection<Object> known = e.getKnownPropertyIds();
            throw new InvalidValueException(
                    path(e),
                    "a field of this name",
                    "the fields "
                            + known.stream().map(Object::toString).sorted().collect(Collectors.joining(", ")));
        } catch (InvalidFormatException e) {
            throw new InvalidValueException(path(e), e.getValue(), wanted(e.getTargetType()));
        } catch (JsonMappingException e) {
            Optional<String> missing = missing(e);
            if (missing.isPresent()) {
                throw new InvalidValueException(missing.get(), "none", fields(type) + ", and this one is missing");
            }
            throw new InvalidValueException(path(e), firstLine(e), fields(type));
        } catch (JsonProcessingException e) {
            throw new InvalidValueException("body", firstLine(e), "one JSON object");
        }
    }

    /** The field that a record's constructor, or Jackson for a primitive, found to be null. */
    private static Optional<String> missing(JsonMappingException e) {
        String said = e.getCause() instanceof NullPointerException absent ? absent.getMessage() : null;
        if (e instanceof MismatchedInputException && firstLine(e).startsWith("Cannot map `null` into type")) {
            return Optional.of(path(e));
        }
        Matcher named = ABSENT.matcher(said == null ? "" : said);
        return named.lookingAt() ? Optional.of(prefix(e) + named.group(1)) : Optional.empty();
    }

    private static String prefix(JsonMappingException e) {
        return e.getPath().isEmpty() ? "" : path(e) + ".";
    }

    private static String path(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                .collect(Collectors.joining("."));
        return path.isEmpty() ? "body" : path;
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("").strip();
    }

    private static String wanted(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        return "a value of type " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String fields(Class<?> type) {
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .map(component -> component.getName() + " ("
                                + component.getType().getSimpleName().toLowerCase(Locale.ROOT) + ")")
                        .collect(Collectors.joining(", ", "an object of ", ""))
                : "a " + type.getSimpleName();
    }
}
