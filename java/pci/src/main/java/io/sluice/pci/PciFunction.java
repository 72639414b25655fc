package io.sluice.pci;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One function of a PCI device, opened for exclusive use by a driver in this process.
 *
 * <p>All methods may be called from any thread; what they return says for itself who may use it. After {@link #close()}
 * every method but {@code close} throws {@link java.nio.channels.ClosedChannelException} or returns what a removed
 * function returns (all-ones registers); none can crash the JVM.
 */
public interface PciFunction extends Closeable {
    /** Name of the function in messages: its PCI address ({@code 0000:03:00.0}) or what else identifies it. */
    String name();

    /**
     * The configuration space (PCI Local Bus Specification 3.0, section 6), 256 bytes or 4 KiB. Always reached by
     * messages, never mapped.
     */
    RegisterSpace config();

    /**
     * The registers behind a base address register.
     *
     * @param index 0 to 5
     * @throws IOException when the function has no such memory BAR, or it cannot be reached
     */
    RegisterSpace bar(int index) throws IOException;

    /**
     * Allocates zeroed memory that the function can read and write, at a contiguous range of addresses of the function's
     * address space.
     *
     * @param bytes wanted size, 1 to 2^30; rounded up to whole pages
     * @throws IOException when there is no memory, the limit of locked memory is reached, or no address range is left; the
     *     message says which and what to do
     */
    DmaMemory allocate(long bytes) throws IOException;

    /**
     * Lets the function read and write memory that it did not allocate: a caller's buffer, the memory of another process, a virtual machine's. The
     * memory stays its owner's, who keeps it mapped until what this returns is closed; that one is closed as {@link DmaMemory} says, by whoever called this.
     *
     * @param memory direct, at least a byte; all of it counts, from 0 to its capacity. A read-only one is read by the function and never written
     * @return empty when the function cannot reach such memory and a copy through memory that it can is the only way: not on whole pages, no descriptor to
     *     share it by, not to be pinned
     * @throws IllegalArgumentException when it is not direct, or empty
     * @throws IOException as {@link #allocate} does
     */
    default Optional<DmaMemory> map(ByteBuffer memory) throws IOException {
        return Optional.empty();
    }

    /**
     * How many interrupts {@link #enableInterrupts} can give: the size of the MSI-X table, or fewer where the platform has
     * fewer; 0 when the function is to be polled.
     */
    int interruptCount();

    /**
     * Enables the first {@code count} message interrupts (MSI-X vectors 0 to {@code count - 1}) at once. Interrupts that were
     * enabled before are disabled first; 0 only disables.
     *
     * @param count 0 to {@link #interruptCount()}
     */
    List<Interrupt> enableInterrupts(int count) throws IOException;

    /**
     * Resets the function (PCI Express Base Specification, section 6.6.2, Function Level Reset, or what else the platform
     * offers) and restores its configuration space.
     *
     * @throws IOException when there is no way to reset it alone
     */
    void reset() throws IOException;

    /**
     * Whether somebody (an administrator's unbind, a hot-unplug) asked this process to give the function back. Cheap enough
     * for a poll every few milliseconds. Whoever sees {@code true} closes the function; the kernel waits for that.
     */
    boolean removalRequested();

    /** Ends every use: disables interrupts and bus mastering, unmaps all memory, releases the function. Idempotent. */
    @Override
    void close();
}
