package dev.sclera.campaign;

import dev.sclera.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;

/** A process that runs a campaign and says how far it is, until it is killed. */
final class CampaignChild {

    private CampaignChild() {}

    public static void main(String[] arguments) throws IOException {
        try (Laboratory laboratory = new Laboratory(Path.of(arguments[0])).furnished(Path.of(arguments[1]))) {
            laboratory.campaigns.run(Laboratory.spec(), (name, total) -> {
                System.out.println("task " + name);
                return new Progress.Task() {
                    @Override
                    public void advance(long units) {
                        // slow enough that the kill comes in the middle
                        pause();
                    }

                    @Override
                    public void close() {}
                };
            });
        }
        System.out.println("finished");
    }

    private static void pause() {
        try {
            Thread.sleep(3);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
