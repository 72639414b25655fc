package io.sluice.pci.vfiouser;

import io.sluice.linux.MappedMemory;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory of registers that a client may map: a file for each BAR that has such. Their size is sealed, so that the client cannot
 * take the memory away from the device. A client that goes on ringing after it was sent away rings in a file that nobody looks at.
 */
final class RegisterFiles {
    private record RegisterFile(SharedMemory file, MappedMemory mapping) {}

    private final Map<Integer, RegisterFile> files = new HashMap<>();

    ByteBuffer create(int bar, int bytes) {
        if (files.containsKey(bar)) {
            throw new IllegalStateException("BAR " + bar + " has register memory already");
        }
        try {
            SharedMemory file = SharedMemory.allocate("sluice-registers", bytes, PageChoice.PLAIN);
            try {
                MappedMemory mapping = file.map();
                files.put(bar, new RegisterFile(file, mapping));
                return mapping.buffer();
            } catch (IOException failure) {
                file.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("no memory for the registers of BAR " + bar, failure);
        }
    }

    /** The file of a BAR; null when its registers are reached by messages alone. */
    @Nullable
    SharedMemory of(int bar) {
        RegisterFile file = files.get(bar);
        return file == null ? null : file.file;
    }

    void close() throws IOException {
        try {
            for (RegisterFile file : files.values()) {
                file.file.close();
                file.mapping.close();
            }
        } finally {
            files.clear();
        }
    }
}
