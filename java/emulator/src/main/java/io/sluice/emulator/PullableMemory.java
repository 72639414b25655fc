package io.sluice.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory of registers that can be taken away under those who have it mapped, as that of a function whose memory decoding goes off: a file that is
 * cut short. Any thread.
 */
final class PullableMemory {
    private final FileChannel file;
    private final ByteBuffer bytes;

    private PullableMemory(FileChannel file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Zeroed, on a page. */
    static PullableMemory allocate(int size) {
        try {
            Path path = Files.createTempFile("sluice-registers", ".bar");
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            return new PullableMemory(
                    file, file.map(FileChannel.MapMode.READ_WRITE, 0, size).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException failure) {
            throw new UncheckedIOException("no file for registers that are to fault", failure);
        }
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** From now on each access raises {@link InternalError}. */
    void pull() {
        try {
            file.truncate(0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Lets go of the file; what is mapped stays as it is. */
    void release() {
        try {
            file.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
