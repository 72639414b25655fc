package io.sluice.pci;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Registers of a {@link LocalFunction}: those of its device until it is closed, those of a device that is gone after that. */
final class LocalRegisters implements RegisterSpace {
    private final LocalFunction function;
    private final RegisterSpace registers;
    private final List<SharedRegisters> shared;

    LocalRegisters(LocalFunction function, RegisterSpace registers, List<SharedRegisters> shared) {
        this.function = function;
        this.registers = registers;
        this.shared = List.copyOf(shared);
    }

    @Override
    public long size() {
        return registers.size();
    }

    @Override
    public int read32(long offset) {
        check(offset, Integer.BYTES);
        return function.closed() ? -1 : registers.read32(offset);
    }

    @Override
    public void write32(long offset, int value) {
        check(offset, Integer.BYTES);
        if (!function.closed()) {
            registers.write32(offset, value);
        }
    }

    @Override
    public long read64(long offset) {
        check(offset, Long.BYTES);
        return function.closed() ? -1 : registers.read64(offset);
    }

    @Override
    public void write64(long offset, long value) {
        check(offset, Long.BYTES);
        if (!function.closed()) {
            registers.write64(offset, value);
        }
    }

    @Override
    public @Nullable ByteBuffer mapped(long offset, int length) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new IndexOutOfBoundsException(
                    String.format("%d bytes at offset 0x%x of a space of 0x%x bytes", length, offset, size()));
        }
        for (SharedRegisters part : shared) {
            long at = offset - part.offset();
            if (at >= 0 && at <= part.memory().capacity() - length) {
                return part.memory().slice((int) at, length).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        return null;
    }

    private void check(long offset, int width) {
        if (offset < 0 || offset > size() - width || (offset & (width - 1)) != 0) {
            throw new IndexOutOfBoundsException(String.format(
                    "register of %d bits at offset 0x%x of a space of 0x%x bytes", width * Byte.SIZE, offset, size()));
        }
    }
}
