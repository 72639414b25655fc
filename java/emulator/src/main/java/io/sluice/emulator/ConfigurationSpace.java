package io.sluice.emulator;

import io.sluice.pci.RegisterSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The configuration space of the function (PCI Local Bus Specification 3.0, section 6.1): a type 0 header of class 010802h with the capabilities for power
 * management, MSI-X and PCI Express. What is read-only stays; bits of the status register are cleared by writing ones.
 */
final class ConfigurationSpace implements RegisterSpace {
    private static final int SIZE = 4096;
    private static final int COMMAND = 0x04;
    private static final int BAR_0 = 0x10;
    private static final int POWER = 0x40;
    private static final int MSI_X = 0x50;
    private static final int EXPRESS = 0x60;
    private static final int DEVICE_CONTROL = EXPRESS + 8;
    /** Memory space, bus master, parity and SERR reporting, INTx disable. */
    private static final int COMMAND_BITS = 0x0546;

    private static final int ERROR_BITS_OF_STATUS = 0xf900;
    /** 64-bit addresses, prefetchable not. */
    private static final int MEMORY_64 = 0x4;

    private static final int FUNCTION_LEVEL_RESET = 1 << 15;
    private static final int MSI_X_CONTROL_BITS = 0xc000;

    private final ByteBuffer values = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer writeable = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer afterPowerOn;
    private final Runnable functionReset;
    private volatile boolean gone;

    /**
     * The state after power-on.
     *
     * @param barBytes sizes of BARs 0, 2 and 4, powers of two; 0 = there is none
     * @param vectors size of the MSI-X table, which BAR 4 holds
     * @param functionReset what a function level reset does beside this
     */
    ConfigurationSpace(int vendor, int device, long[] barBytes, int vectors, Runnable functionReset) {
        this.functionReset = functionReset;
        values.putInt(0x00, device << 16 | vendor);
        values.putShort(0x06, (short) 0x0010); // there is a list of capabilities
        values.putInt(0x08, 0x01_08_02_00); // class NVM Express, revision 0
        values.putInt(0x2c, device << 16 | vendor);
        values.put(0x34, (byte) POWER);
        writeable.putShort(COMMAND, (short) COMMAND_BITS);
        writeable.put(0x0c, (byte) 0xff); // cache line size
        writeable.put(0x3c, (byte) 0xff); // interrupt line
        for (int i = 0; i < barBytes.length; i++) {
            if (barBytes[i] > 0) {
                values.putInt(BAR_0 + 8 * i, MEMORY_64);
                writeable.putInt(BAR_0 + 8 * i, (int) -barBytes[i]);
                writeable.putInt(BAR_0 + 8 * i + 4, (int) (-barBytes[i] >>> 32));
            }
        }
        capability(POWER, 0x01, vectors > 0 ? MSI_X : EXPRESS, 0x0003);
        writeable.putShort(POWER + 4, (short) 0x0003); // D0 to D3hot
        if (vectors > 0) {
            capability(MSI_X, 0x11, EXPRESS, vectors - 1);
            values.putInt(MSI_X + 4, 4); // table at the start of BAR 4
            values.putInt(MSI_X + 8, MessageTable.pendingOffset(vectors) | 4);
            writeable.putShort(MSI_X + 2, (short) MSI_X_CONTROL_BITS);
        }
        capability(EXPRESS, 0x10, 0, 0x0002); // version 2, an endpoint
        values.putInt(EXPRESS + 4, 1 << 28 | 1 << 15); // function level reset, role-based errors
        values.putInt(EXPRESS + 0x0c, 0x0000_0c11); // a link of one lane
        values.putShort(EXPRESS + 0x12, (short) 0x0011);
        writeable.putShort(DEVICE_CONTROL, (short) 0x7fff);
        afterPowerOn = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN).put(0, values, 0, SIZE);
    }

    private void capability(int at, int id, int next, int word) {
        values.putInt(at, word << 16 | next << 8 | id);
    }

    @Override
    public long size() {
        return SIZE;
    }

    @Override
    public synchronized int read32(long offset) {
        return gone ? -1 : values.getInt(Offsets.check(offset, Integer.BYTES, SIZE));
    }

    @Override
    public void write32(long offset, int value) {
        int at = Offsets.check(offset, Integer.BYTES, SIZE);
        boolean reset;
        synchronized (this) {
            if (gone) {
                return;
            }
            int mask = writeable.getInt(at);
            int next = (values.getInt(at) & ~mask) | (value & mask);
            if (at == COMMAND) {
                next &= ~(value & ERROR_BITS_OF_STATUS << 16);
            }
            values.putInt(at, next);
            reset = at == DEVICE_CONTROL && (value & FUNCTION_LEVEL_RESET) != 0;
        }
        if (reset) {
            functionReset.run();
        }
    }

    @Override
    public long read64(long offset) {
        int at = Offsets.check(offset, Long.BYTES, SIZE);
        return ((long) read32(at + 4L) << 32) | (read32(at) & 0xffff_ffffL);
    }

    @Override
    public void write64(long offset, long value) {
        int at = Offsets.check(offset, Long.BYTES, SIZE);
        write32(at, (int) value);
        write32(at + 4L, (int) (value >>> 32));
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        return null;
    }

    synchronized void reset() {
        values.put(0, afterPowerOn, 0, SIZE);
    }

    /** Whether the function was pulled: reads as all ones from now on. */
    void gone(boolean value) {
        gone = value;
    }
}
