package io.sluice.pci;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Takes every step of a closing, whatever fails on the way, and then throws what failed. For implementations of {@link PciFunction}. */
public final class Cleanup {
    /** A step that can fail. */
    @FunctionalInterface
    public interface Step {
        void run() throws IOException;
    }

    private @Nullable IOException failure;

    /** Takes a step; what it throws is kept for {@link #finish}. */
    public void run(Step step) {
        try {
            step.run();
        } catch (IOException exception) {
            if (failure == null) {
                failure = exception;
            } else {
                failure.addSuppressed(exception);
            }
        }
    }

    /** Throws the first failure, with the others attached; nothing when there was none. */
    public void finish() {
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
    }
}
