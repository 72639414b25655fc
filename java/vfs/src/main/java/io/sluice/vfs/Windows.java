package io.sluice.vfs;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The windows of the handles on one device, so that every handle sees what any other has written. Where nobody asked for a window it is a look at an empty list. */
final class Windows {
    private static final Window[] NONE = {};

    private volatile Window[] windows = NONE;

    boolean isEmpty() {
        return windows.length == 0;
    }

    synchronized Window add(Window window) {
        Window[] more = Arrays.copyOf(windows, windows.length + 1);
        more[windows.length] = window;
        windows = more;
        return window;
    }

    synchronized void remove(Window window) {
        windows = Arrays.stream(windows).filter(other -> other != window).toArray(Window[]::new);
    }

    /** Has the others' gathered bytes written before these blocks of the device are read or written. The caller holds no window's lock. */
    void settle(long firstBlock, long lastBlock, @Nullable Window mine) throws IOException {
        for (Window window : windows) {
            if (window != mine) {
                window.flush(firstBlock, lastBlock);
            }
        }
    }

    /** Has the others forget what they read ahead of these blocks of the device, since they were written. The caller holds no window's lock. */
    void outdate(long firstBlock, long lastBlock, @Nullable Window mine) {
        for (Window window : windows) {
            if (window != mine) {
                window.outdate(firstBlock, lastBlock);
            }
        }
    }

    /** Writes what is gathered anywhere. */
    void flushAll() throws IOException {
        for (Window window : windows) {
            window.flush();
        }
    }
}
