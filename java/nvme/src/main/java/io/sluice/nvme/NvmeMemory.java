package io.sluice.nvme;

import io.sluice.block.driver.SessionMemory;
import io.sluice.pci.DmaMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Memory that operations of a session may name, and where the controller sees it. */
class NvmeMemory extends SessionMemory {
    private final @Nullable DmaMemory memory;
    private final long deviceAddress;
    /** Why the controller could not be made to let go of it. */
    private @Nullable IOException stuck;

    /**
     * Memory of a session.
     *
     * @param bytes what operations may name of it, from the start of {@code memory} on
     * @param memory null when the controller does not reach it: then its data is copied
     */
    NvmeMemory(NvmeSession session, ByteBuffer bytes, @Nullable DmaMemory memory) {
        super(session, bytes);
        this.memory = memory;
        this.deviceAddress = memory == null ? 0 : memory.deviceAddress();
    }

    /** Whether it has a {@link #deviceAddress}. */
    final boolean isReachable() {
        return memory != null;
    }

    /** The address of its first byte for the controller. */
    final long deviceAddress() {
        return deviceAddress;
    }

    /** See {@link DmaMemory#close}. Once that has failed it fails each time: the controller may still reach the memory, whoever asks. */
    final void close() {
        if (stuck != null) {
            throw new UncheckedIOException(stuck);
        }
        if (memory != null) {
            try {
                memory.close();
            } catch (UncheckedIOException failure) {
                stuck = failure.getCause();
                throw failure;
            }
        }
    }
}
