package io.sluice.pci;

/** The host as a {@link FunctionModel} sees it: memory that it may read and write, and interrupts. All methods may be called from any thread. */
public interface FunctionHost {
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

    /**
     * Tells that memory of {@link #memory} is gone although nobody took it away: an access threw {@link InternalError}, because the process
     * that shares it shrank the file behind it. The host ends the connection: it calls {@link FunctionModel#disconnect} soon, from a
     * thread of its own.
     */
    default void memoryLost() {}
}
