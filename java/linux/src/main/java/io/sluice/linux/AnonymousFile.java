package io.sluice.linux;

import java.io.IOException;

/**
 * A file without a name ({@code memfd_create(2)}) for what is handed to other processes as a descriptor and is not DMA memory;
 * for that see {@link SharedMemory}.
 */
public final class AnonymousFile {
    private static final int CLOSE_ON_EXEC = 1;

    private AnonymousFile() {}

    /**
     * Makes a file of zeroes.
     *
     * @param name up to 249 characters, shown in {@code /proc/PID/fd}
     * @param bytes its size, 0 or more; allocated when touched
     */
    public static Descriptor create(String name, long bytes) throws IOException {
        NativeLibrary.ensureAvailable();
        int fd = (int) Libc.check("memfd_create", name, Libc.calls().memfd_create(name, CLOSE_ON_EXEC));
        Descriptor file = new Descriptor("memfd:" + name, fd);
        try {
            Libc.check(
                    "ftruncate", name + " to " + bytes + " bytes", Libc.calls().ftruncate(fd, bytes));
            return file;
        } catch (IOException exception) {
            file.close();
            throw exception;
        }
    }
}
