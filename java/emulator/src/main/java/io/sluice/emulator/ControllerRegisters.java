package io.sluice.emulator;

import io.sluice.pci.RegisterSpace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The registers of the controller (section 3.1), all of BAR 0: what the host reads and writes. What a write sets off is done by the controller's thread,
 * as the listener is told of it; the status register shows when it is done. Any thread.
 */
final class ControllerRegisters implements RegisterSpace {
    static final int CAP = 0x00;
    static final int VS = 0x08;
    static final int INTMS = 0x0c;
    static final int INTMC = 0x10;
    static final int CC = 0x14;
    static final int CSTS = 0x1c;
    static final int NSSR = 0x20;
    static final int AQA = 0x24;
    static final int ASQ = 0x28;
    static final int ACQ = 0x30;
    static final int CMBLOC = 0x38;
    static final int CMBSZ = 0x3c;
    static final int CMBMSC = 0x50;
    static final int CMBSTS = 0x58;
    static final int DOORBELLS = 0x1000;

    static final int CC_ENABLE = 1;
    static final int CC_SHUTDOWN = 3 << 14;
    static final int CSTS_READY = 1;
    static final int CSTS_FATAL = 1 << 1;
    static final int CSTS_SHUTDOWN_BUSY = 1 << 2;
    static final int CSTS_SHUTDOWN_DONE = 2 << 2;
    static final int CSTS_SUBSYSTEM_RESET = 1 << 4;
    /** What NSSR must be written with: "NVMe" in ASCII. */
    static final int SUBSYSTEM_RESET = 0x4e564d65;

    /** CMBMSC: the registers of the memory buffer are there, the buffer stands in memory. */
    static final int CMB_REGISTERS = 1;

    static final int CMB_PLACED = 1 << 1;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ADDRESS_MASK = -1L << 12;

    /** Is told what was written, by the thread that wrote it, in the order of the writes. */
    interface Listener {
        /** CC changed. */
        void configured(int before, int after);

        /** NSSR was written with its magic number. */
        void subsystemReset();

        /** CMBMSC changed. */
        void memoryBufferControlled(long control);

        /** A doorbell was rung by message. */
        void rung();
    }

    private final int size;
    private final long capabilities;
    private final int version;
    private final int memoryBufferLocation;
    private final int memoryBufferSize;
    private final Listener listener;
    private volatile ByteBuffer doorbells;
    private volatile int status;
    private volatile boolean statusAllOnes;
    private volatile boolean gone;
    private int interruptMask;
    private int configuration;
    private int adminQueueAttributes;
    private long adminSubmissionQueue;
    private long adminCompletionQueue;
    private long memoryBufferControl;
    private volatile int memoryBufferStatus;

    /**
     * The registers after power-on.
     *
     * @param size of BAR 0
     * @param doorbells what stands from offset 1000h on
     */
    ControllerRegisters(
            int size,
            long capabilities,
            int version,
            int memoryBufferLocation,
            int memoryBufferSize,
            ByteBuffer doorbells,
            Listener listener) {
        this.size = size;
        this.capabilities = capabilities;
        this.version = version;
        this.memoryBufferLocation = memoryBufferLocation;
        this.memoryBufferSize = memoryBufferSize;
        this.doorbells = doorbells;
        this.listener = listener;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read32(long offset) {
        int at = Offsets.check(offset, Integer.BYTES, size);
        if (gone) {
            return -1;
        }
        if (at >= DOORBELLS) {
            return at - DOORBELLS < doorbells.capacity() ? (int) INT.getAcquire(doorbells, at - DOORBELLS) : 0;
        }
        if (at == CSTS) {
            return statusAllOnes ? -1 : status;
        }
        synchronized (this) {
            return switch (at) {
                case CAP -> (int) capabilities;
                case CAP + 4 -> (int) (capabilities >>> 32);
                case VS -> version;
                case INTMS, INTMC -> interruptMask;
                case CC -> configuration;
                case AQA -> adminQueueAttributes;
                case ASQ -> (int) adminSubmissionQueue;
                case ASQ + 4 -> (int) (adminSubmissionQueue >>> 32);
                case ACQ -> (int) adminCompletionQueue;
                case ACQ + 4 -> (int) (adminCompletionQueue >>> 32);
                case CMBLOC -> memoryBufferShown() ? memoryBufferLocation : 0;
                case CMBSZ -> memoryBufferShown() ? memoryBufferSize : 0;
                case CMBMSC -> (int) memoryBufferControl;
                case CMBMSC + 4 -> (int) (memoryBufferControl >>> 32);
                case CMBSTS -> memoryBufferStatus;
                default -> 0;
            };
        }
    }

    private boolean memoryBufferShown() {
        return (memoryBufferControl & CMB_REGISTERS) != 0;
    }

    @Override
    public void write32(long offset, int value) {
        int at = Offsets.check(offset, Integer.BYTES, size);
        if (gone) {
            return;
        }
        if (at >= DOORBELLS) {
            if (at - DOORBELLS < doorbells.capacity()) {
                INT.setRelease(doorbells, at - DOORBELLS, value);
            }
            listener.rung();
            return;
        }
        synchronized (this) {
            // The listener is called within the lock, so that it hears of two writes in their order.
            write(at, value);
        }
    }

    private void write(int at, int value) {
        switch (at) {
            case INTMS -> interruptMask |= value;
            case INTMC -> interruptMask &= ~value;
            case CC -> {
                int before = configuration;
                configuration = value;
                if (before != value) {
                    listener.configured(before, value);
                }
            }
            case NSSR -> {
                if (value == SUBSYSTEM_RESET) {
                    listener.subsystemReset();
                }
            }
            case CSTS -> status &= ~(value & CSTS_SUBSYSTEM_RESET);
            case AQA -> adminQueueAttributes = value & 0x0fff_0fff;
            case ASQ -> adminSubmissionQueue = low(adminSubmissionQueue, value) & ADDRESS_MASK;
            case ASQ + 4 -> adminSubmissionQueue = high(adminSubmissionQueue, value);
            case ACQ -> adminCompletionQueue = low(adminCompletionQueue, value) & ADDRESS_MASK;
            case ACQ + 4 -> adminCompletionQueue = high(adminCompletionQueue, value);
            case CMBMSC -> memoryBufferControl(low(memoryBufferControl, value));
            case CMBMSC + 4 -> memoryBufferControl(high(memoryBufferControl, value));
            default -> {
                // Read-only or reserved: nothing happens.
            }
        }
    }

    private void memoryBufferControl(long value) {
        if (memoryBufferSize == 0) {
            return;
        }
        memoryBufferControl = value & (ADDRESS_MASK | CMB_PLACED | CMB_REGISTERS);
        listener.memoryBufferControlled(memoryBufferControl);
    }

    private static long low(long register, int value) {
        return (register & 0xffff_ffff_0000_0000L) | (value & 0xffff_ffffL);
    }

    private static long high(long register, int value) {
        return (register & 0xffff_ffffL) | ((long) value << 32);
    }

    @Override
    public long read64(long offset) {
        int at = Offsets.check(offset, Long.BYTES, size);
        return ((long) read32(at + 4L) << 32) | (read32(at) & 0xffff_ffffL);
    }

    @Override
    public void write64(long offset, long value) {
        int at = Offsets.check(offset, Long.BYTES, size);
        synchronized (this) {
            write32(at, (int) value);
            write32(at + 4L, (int) (value >>> 32));
        }
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        return null;
    }

    long capabilities() {
        return capabilities;
    }

    synchronized int configuration() {
        return configuration;
    }

    synchronized int adminQueueAttributes() {
        return adminQueueAttributes;
    }

    synchronized long adminSubmissionQueue() {
        return adminSubmissionQueue;
    }

    synchronized long adminCompletionQueue() {
        return adminCompletionQueue;
    }

    int status() {
        return status;
    }

    /** Sets and clears bits of CSTS. */
    synchronized void status(int clear, int set) {
        status = (status & ~clear) | set;
    }

    void statusAllOnes(boolean value) {
        statusAllOnes = value;
    }

    void memoryBufferStatus(int value) {
        memoryBufferStatus = value;
    }

    /** Whether the function was pulled: everything reads as all ones and nothing can be written. */
    void gone(boolean value) {
        gone = value;
    }

    /** The state after power-on, but for CSTS.NSSRO where a subsystem reset was the reason. */
    synchronized void reset(boolean subsystem) {
        interruptMask = 0;
        configuration = 0;
        adminQueueAttributes = 0;
        adminSubmissionQueue = 0;
        adminCompletionQueue = 0;
        memoryBufferControl = 0;
        memoryBufferStatus = 0;
        status = subsystem ? CSTS_SUBSYSTEM_RESET : 0;
        statusAllOnes = false;
    }

    void doorbells(ByteBuffer memory) {
        doorbells = memory;
    }
}
