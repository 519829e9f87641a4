package dev.sclera.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The JSON lines beside a dataset's record. */
final class DatasetFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    private DatasetFiles() {}

    /**
     * One line of {@code index.jsonl}.
     *
     * @param name the image's name
     * @param grade its grade
     * @param shard the number of its shard
     * @param row its row there
     * @param sha256 of its source's bytes
     */
    record IndexLine(String name, int grade, int shard, int row, String sha256) {}

    static byte[] lines(List<? extends Record> records) {
        return records.stream()
                .map(DatasetFiles::line)
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    static <T extends Record> List<T> parse(byte[] lines, Class<T> type) {
        return new String(lines, StandardCharsets.UTF_8)
                .lines()
                .map(line -> {
                    try {
                        return JSON.readValue(line, type);
                    } catch (JsonProcessingException e) {
                        throw new IllegalArgumentException(e.getOriginalMessage(), e);
                    }
                })
                .toList();
    }

    /** A JSON array of names. */
    static byte[] names(List<String> names) {
        try {
            return JSON.writeValueAsBytes(names);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static List<String> names(byte[] array) {
        try {
            return List.of(JSON.readValue(array, String[].class));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String line(Record record) {
        try {
            return JSON.writeValueAsString(record) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
