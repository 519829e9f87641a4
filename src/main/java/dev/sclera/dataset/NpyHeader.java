package dev.sclera.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The header of a {@code .npy} file (NumPy enhancement proposal 1).
 *
 * @param type of the elements
 * @param shape the extents
 * @param length bytes of magic and header, before the data
 */
record NpyHeader(Npy.Type type, int[] shape, int length) {

    /** No array that is of use here has a longer one; NumPy itself refuses more than 10,000 characters. */
    private static final int LONGEST = 10_000;

    private static final String MAGIC = "\u0093NUMPY";
    private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([^']{1,8})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");
    /** Digits for which NumPy leaves room, so that an array can grow along its first axis in place. */
    private static final int ROOM = 21;

    static NpyHeader parse(byte[] file) {
        int start = start(file);
        if (start == 0 || start + textLength(file) > file.length) {
            throw new IllegalArgumentException("it is not a .npy file");
        }
        return parse(new String(file, start, textLength(file), StandardCharsets.UTF_8), start + textLength(file));
    }

    /** Reads a header and leaves the stream at the first element. */
    static NpyHeader read(InputStream input) throws IOException {
        byte[] head = input.readNBytes(10);
        if (head.length == 10 && head[6] > 1) {
            head = Arrays.copyOf(head, 12);
            input.readNBytes(head, 10, 2);
        }
        int start = start(head);
        if (start == 0) {
            throw new IllegalArgumentException("it is not a .npy file");
        }
        byte[] text = input.readNBytes(textLength(head));
        if (text.length < textLength(head)) {
            throw new IllegalArgumentException("it ends within its header");
        }
        return parse(new String(text, StandardCharsets.UTF_8), start + text.length);
    }

    /** Bytes of all elements together. */
    long dataBytes() {
        long bytes = type.bytes();
        for (int extent : shape) {
            bytes = Math.multiplyExact(bytes, (long) extent);
        }
        return bytes;
    }

    static byte[] bytes(Npy.Type type, int[] shape) {
        String extents = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String text = "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }"
                .formatted(type.description(), extents, shape.length == 1 ? "," : "");
        int room = shape.length == 0 ? 0 : ROOM - Integer.toString(shape[0]).length();
        // magic, version, two bytes of length, and the line feed; the data starts at a multiple of 64
        int length = (10 + text.length() + room + 1 + 63) / 64 * 64;
        byte[] header = new byte[length];
        Arrays.fill(header, (byte) ' ');
        System.arraycopy(MAGIC.getBytes(StandardCharsets.ISO_8859_1), 0, header, 0, 6);
        header[6] = 1;
        header[7] = 0;
        header[8] = (byte) (length - 10);
        header[9] = (byte) (length - 10 >> 8);
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, 10, ascii.length);
        header[length - 1] = '\n';
        return header;
    }

    private static int start(byte[] head) {
        boolean magic = head.length >= 10
                && new String(head, 0, 6, StandardCharsets.ISO_8859_1).equals(MAGIC)
                && head[6] >= 1
                && head[6] <= 3;
        return !magic ? 0 : head[6] == 1 ? 10 : head.length >= 12 ? 12 : 0;
    }

    private static int textLength(byte[] head) {
        long length = head[8] & 0xff | (head[9] & 0xff) << 8;
        if (head[6] > 1) {
            length |= (head[10] & 0xffL) << 16 | (head[11] & 0xffL) << 24;
        }
        if (length > LONGEST) {
            throw new IllegalArgumentException("its header has %d bytes, more than %d".formatted(length, LONGEST));
        }
        return (int) length;
    }

    private static NpyHeader parse(String text, int length) {
        String description = group(DESCRIPTION, text).orElseThrow(() -> malformed(text));
        String order = group(ORDER, text).orElseThrow(() -> malformed(text));
        String extents = group(SHAPE, text).orElseThrow(() -> malformed(text));
        Npy.Type type = Arrays.stream(Npy.Type.values())
                .filter(t -> t.description().equals(description.replace('=', '<')))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("its elements are '%s'; readable are %s"
                        .formatted(
                                description,
                                Arrays.stream(Npy.Type.values())
                                        .map(Npy.Type::description)
                                        .collect(Collectors.joining(", ")))));
        int[] shape;
        try {
            shape = Arrays.stream(extents.split(","))
                    .map(String::strip)
                    .filter(extent -> !extent.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its shape (" + extents + ") is too large", e);
        }
        if (order.equals("True") && Arrays.stream(shape).filter(n -> n > 1).count() > 1) {
            throw new IllegalArgumentException("it is in Fortran order; save it with numpy.ascontiguousarray(array)");
        }
        return new NpyHeader(type, shape, length);
    }

    private static Optional<String> group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("its header is not one of a .npy file: " + text.strip());
    }
}
