package io.sluice.pci;

import java.io.Closeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The device's side of a PCI function: a device made of software. {@link LocalFunction} connects it to a driver in this process,
 * {@code VfioUserServer} to another process; it never learns which.
 *
 * <p>Registers may be read and written by any thread. {@link #connect}, {@link #memoryChanged}, {@link #reset} and {@link
 * #disconnect} are called by the host alone, one at a time.
 */
public interface FunctionModel extends Closeable {
    /** Name of the device in messages. */
    String name();

    /** The configuration space (PCI Local Bus Specification 3.0, section 6), 256 bytes or 4 KiB, MSI-X capability included. */
    RegisterSpace config();

    /**
     * The registers behind a base address register, MSI-X table included where it lies there.
     *
     * @param index 0 to 5
     * @return null when the function has no such BAR
     */
    @Nullable
    RegisterSpace bar(int index);

    /**
     * The parts of a BAR that the host may map, because the device looks at them by itself and needs no message: doorbells, the
     * controller memory buffer.
     */
    List<SharedRegisters> shared(int index);

    /** How many message interrupts it can raise: the size of its MSI-X table; 0 when it is to be polled. */
    int interruptCount();

    /**
     * Starts the device for a host, from the state after power-on. It has one host at a time.
     *
     * @throws IllegalStateException when it has one
     */
    void connect(FunctionHost host);

    /**
     * The host's memory is another one now. Returns when nothing uses the former {@link FunctionHost#memory} any more, so that the host
     * can take it away.
     */
    void memoryChanged();

    /** Resets the function (PCI Express Base Specification, section 6.6.2): registers and configuration space as after power-on. */
    void reset();

    /** Takes the host away. When this returns, neither its memory nor its interrupts are used any more. Idempotent. */
    void disconnect();

    /** Ends the device; disconnects first. Idempotent. */
    @Override
    void close();
}
