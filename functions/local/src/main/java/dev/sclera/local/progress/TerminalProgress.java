package dev.sclera.local.progress;

import dev.sclera.progress.Progress;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar per task on the standard error stream; the standard output stays for results. */
final class TerminalProgress implements Progress {

    @Override
    public Task start(String name, long total) {
        return new Bar(new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis((int) Duration.ofMillis(200).toMillis())
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .hideEta()
                .build());
    }

    private record Bar(ProgressBar bar) implements Task {

        @Override
        public void advance(long units) {
            bar.stepBy(units);
        }

        @Override
        public void note(String text) {
            bar.setExtraMessage(text);
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
