package dev.sclera.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory the process holds, as Linux tells it; native memory included, which Java does not count.
 *
 * @param bytes held; -1 where the system does not say
 */
record ResidentMemory(long bytes) {

    private static final Path PROCESS = Path.of("/proc/self");

    static ResidentMemory now() {
        System.gc();
        return new ResidentMemory(status("VmRSS:"));
    }

    /** Lets the peak start anew from what is held now; without effect where the system does not let us. */
    static void forgetPeak() {
        try {
            Files.writeString(PROCESS.resolve("clear_refs"), "5");
        } catch (IOException e) {
            // then the peak is that of the whole process: too high rather than too low
        }
    }

    /** From this to the peak since {@link #forgetPeak}; -1 where the system does not say. */
    long growthToPeak() {
        long peak = status("VmHWM:");
        return bytes < 0 || peak < 0 ? -1 : Math.max(0, peak - bytes);
    }

    private static long status(String field) {
        try {
            return Files.readAllLines(PROCESS.resolve("status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }
}
