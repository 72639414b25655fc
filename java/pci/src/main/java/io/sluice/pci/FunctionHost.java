package io.sluice.pci;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The host as a {@link FunctionModel} sees it: memory that it may read and write, and interrupts. All methods may be called from any thread. */
public interface FunctionHost {
    /** Size of the pages in which memory is shared, bytes. */
    int PAGE = 4096;

    /**
     * The memory that the device can reach now. To be asked for again for each command: what was taken away must not be used
     * once {@link FunctionModel#memoryChanged} has returned.
     */
    DmaMap memory();

    /**
     * Raises a message interrupt, if the host has enabled it.
     *
     * @param vector 0 to {@link FunctionModel#interruptCount()} - 1; others are ignored
     */
    void interrupt(int vector);

    /** Whether the host is in this process, so that any memory of this process can be mapped registers of it. */
    default boolean inThisProcess() {
        return false;
    }

    /**
     * Memory for the registers of a BAR that device and host share ({@link FunctionModel#shared}): for a host that is another process, memory
     * that it can map. To be asked for in {@link FunctionModel#connect}; it serves this host alone, and is harmless after.
     *
     * @param bar 0 to 5, each once
     * @param bytes size of the BAR, whole pages: byte n stands for byte n of the BAR, and parts that are not shared are not used
     * @return direct, little-endian, zeroed, on a page
     */
    default ByteBuffer registerMemory(int bar, int bytes) {
        return ByteBuffer.allocateDirect(bytes + PAGE - 1)
                .alignedSlice(PAGE)
                .slice(0, bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Tells that memory of {@link #memory} is gone although nobody took it away: an access threw {@link InternalError}, because the process
     * that shares it shrank the file behind it. The host ends the connection: it calls {@link FunctionModel#disconnect} soon, from a
     * thread of its own.
     */
    default void memoryLost() {}
}
