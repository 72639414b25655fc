package io.sluice.cli;

import java.io.Closeable;
import java.io.PrintStream;
import java.util.function.Supplier;

/** One line on a terminal that is written over every second by a thread of its own, and wiped when it is closed. */
final class ProgressLine implements Closeable {
    private static final String WIPE = "\r\033[K";

    private final PrintStream err;
    private final Thread thread;

    private ProgressLine(PrintStream err, Supplier<String> text) {
        this.err = err;
        thread = new Thread(() -> show(text), "progress");
        thread.setDaemon(true);
        thread.start();
    }

    /** Shows nothing where nobody looks. */
    static Closeable start(Environment environment, Supplier<String> text) {
        return environment.terminal() ? new ProgressLine(environment.err(), text) : () -> {};
    }

    private void show(Supplier<String> text) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(1000);
                err.print(WIPE + text.get());
                err.flush();
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        err.print(WIPE);
        err.flush();
    }
}
