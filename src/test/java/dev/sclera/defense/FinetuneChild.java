package dev.sclera.defense;

import dev.sclera.campaign.Laboratory;
import dev.sclera.progress.Progress;
import java.nio.file.Path;

/** A process that fine-tunes and says how far it is, until it is killed. */
final class FinetuneChild {

    private FinetuneChild() {}

    public static void main(String[] arguments) {
        try (Laboratory laboratory = new Laboratory(Path.of(arguments[0]))) {
            RepairShop.finetuning(laboratory).run(arguments[1], null, (name, total) -> new Progress.Task() {

                private long done;

                @Override
                public void advance(long units) {
                    done += units;
                    System.out.println(done);
                    // slow enough that the kill comes in the middle
                    pause();
                }

                @Override
                public void close() {}
            });
        }
        System.out.println("finished");
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
