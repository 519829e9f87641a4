package dev.sclera.infra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the structure of Terraform files: blocks, attributes, and the comments above them. Expressions stay text. (The
 * parsers that Maven Central has evaluate instead, drop comments, and take a file that they don't understand for an
 * empty one.)
 */
final class HclReader {

    private final String text;
    private final String file;
    private int at;

    private HclReader(String text, String file) {
        this.text = text;
        this.file = file;
    }

    /**
     * The file as one block without a type.
     *
     * @throws IllegalArgumentException where it is not HCL; it names the line
     */
    static HclBlock read(String text, String file) {
        HclReader reader = new HclReader(text, file);
        HclBlock body = reader.body("", List.of(), "", reader.place());
        if (reader.at < text.length()) {
            throw reader.wrong("a \"}\" that nothing opened");
        }
        return body;
    }

    private HclBlock body(String type, List<String> labels, String comment, String place) {
        Map<String, String> attributes = new LinkedHashMap<>();
        List<HclBlock> blocks = new ArrayList<>();
        while (true) {
            String above = comment();
            if (at >= text.length() || peek() == '}') {
                return new HclBlock(type, labels, attributes, blocks, comment, place);
            }
            String start = place();
            String name = name();
            spaces();
            if (at < text.length() && peek() == '=') {
                at++;
                if (attributes.put(name, expression()) != null) {
                    throw wrong("a second \"" + name + "\"");
                }
            } else {
                blocks.add(block(name, above, start));
            }
        }
    }

    private HclBlock block(String type, String comment, String place) {
        List<String> labels = new ArrayList<>();
        while (at < text.length() && peek() != '{') {
            labels.add(name());
            spaces();
        }
        expect('{');
        HclBlock read = body(type, List.copyOf(labels), comment, place);
        expect('}');
        return read;
    }

    /** Skips to what comes next; the comment that ends right above it. */
    private String comment() {
        StringBuilder lines = new StringBuilder();
        int newlines = 0;
        while (at < text.length()) {
            if (peek() == '#' || text.startsWith("//", at)) {
                int end = endOfLine();
                lines.append(text, at, end).append('\n');
                at = end;
                newlines = 0;
            } else if (Character.isWhitespace(peek())) {
                newlines += peek() == '\n' ? 1 : 0;
                if (newlines > 1) {
                    lines.setLength(0);
                }
                at++;
            } else {
                break;
            }
        }
        return lines.toString();
    }

    private String name() {
        if (peek() == '"') {
            int start = at + 1;
            string();
            return text.substring(start, at - 1);
        }
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(peek()) || "_-".indexOf(peek()) >= 0)) {
            at++;
        }
        if (start == at) {
            throw wrong("\"" + peek() + "\", where a name should be");
        }
        return text.substring(start, at);
    }

    /** To the end of the line, or further where brackets are open. */
    private String expression() {
        StringBuilder read = new StringBuilder();
        int depth = 0;
        while (at < text.length()) {
            int start = at;
            char c = peek();
            if (depth == 0 && (c == '\n' || c == '}')) {
                break;
            } else if (c == '"') {
                string();
            } else if (text.startsWith("<<", at)) {
                heredoc();
            } else if (c == '#' || text.startsWith("//", at)) {
                at = endOfLine();
                continue;
            } else {
                depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
                at++;
            }
            read.append(text, start, at);
        }
        if (depth != 0 || read.toString().isBlank()) {
            throw wrong("an expression that does not end");
        }
        return read.toString().strip();
    }

    private void string() {
        expect('"');
        int depth = 0;
        while (at < text.length() && (depth > 0 || peek() != '"')) {
            if (peek() == '\\') {
                at += 2;
            } else if (text.startsWith("$${", at) || text.startsWith("%%{", at)) {
                at += 3;
            } else if (text.startsWith("${", at) || text.startsWith("%{", at)) {
                depth++;
                at += 2;
            } else if (depth > 0 && peek() == '"') {
                string();
            } else if (peek() == '\n') {
                throw wrong("a string that does not end");
            } else {
                depth += depth > 0 && peek() == '{' ? 1 : depth > 0 && peek() == '}' ? -1 : 0;
                at++;
            }
        }
        expect('"');
    }

    private void heredoc() {
        String end = text.substring(at + 2, endOfLine()).replace("-", "").strip();
        do {
            at = endOfLine() + 1;
            if (at >= text.length()) {
                throw wrong("a text that \"" + end + "\" does not end");
            }
        } while (!text.substring(at, endOfLine()).strip().equals(end));
        at = endOfLine();
    }

    private void spaces() {
        while (at < text.length() && (peek() == ' ' || peek() == '\t')) {
            at++;
        }
    }

    private void expect(char wanted) {
        if (at >= text.length() || peek() != wanted) {
            throw wrong("no \"" + wanted + "\"");
        }
        at++;
    }

    private char peek() {
        return text.charAt(at);
    }

    private int endOfLine() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private String place() {
        return file + ":"
                + (1
                        + text.substring(0, Math.min(at, text.length()))
                                .chars()
                                .filter(c -> c == '\n')
                                .count());
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(place() + ": " + what);
    }
}
