package io.sluice.vfs;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The windows of the handles of one file, so that every handle sees what any other has written. Where nobody asked for a window it is a look at an empty list. */
final class Windows {
    private static final Window[] NONE = {};

    private volatile Window[] windows = NONE;

    synchronized Window add(Window window) {
        Window[] more = Arrays.copyOf(windows, windows.length + 1);
        more[windows.length] = window;
        windows = more;
        return window;
    }

    synchronized void remove(Window window) {
        windows = Arrays.stream(windows).filter(other -> other != window).toArray(Window[]::new);
    }

    /** Has the others' gathered bytes written before the device is read or written here. The caller holds no window's lock. */
    void settle(long position, long length, @Nullable Window mine) throws IOException {
        for (Window window : windows) {
            if (window != mine) {
                window.flush(position, length);
            }
        }
    }

    /** Has the others forget what they read ahead, since it was written. */
    void outdate(long position, long length, @Nullable Window mine) {
        for (Window window : windows) {
            if (window != mine) {
                window.outdate(position, length);
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
