package io.sluice.system.qtest;

import io.sluice.pci.DmaMemory;
import io.sluice.pci.Interrupt;
import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function whose controller is told that its admin queue starts where no page does. */
record MisplacedQueue(PciFunction function) implements PciFunction {
    @Override
    public String name() {
        return function.name();
    }

    @Override
    public RegisterSpace config() {
        return function.config();
    }

    @Override
    public RegisterSpace bar(int index) throws IOException {
        return new Registers(function.bar(index));
    }

    @Override
    public DmaMemory allocate(long bytes) throws IOException {
        return function.allocate(bytes);
    }

    @Override
    public int interruptCount() {
        return function.interruptCount();
    }

    @Override
    public List<Interrupt> enableInterrupts(int count) throws IOException {
        return function.enableInterrupts(count);
    }

    @Override
    public void reset() throws IOException {
        function.reset();
    }

    @Override
    public boolean removalRequested() {
        return function.removalRequested();
    }

    @Override
    public void close() {
        function.close();
    }

    private record Registers(RegisterSpace registers) implements RegisterSpace {
        private static final int ADMIN_SUBMISSION_QUEUE = 0x28;

        @Override
        public long size() {
            return registers.size();
        }

        @Override
        public int read32(long offset) {
            return registers.read32(offset);
        }

        @Override
        public void write32(long offset, int value) {
            registers.write32(offset, value);
        }

        @Override
        public long read64(long offset) {
            return registers.read64(offset);
        }

        @Override
        public void write64(long offset, long value) {
            registers.write64(offset, offset == ADMIN_SUBMISSION_QUEUE ? value | 8 : value);
        }

        @Override
        public @Nullable ByteBuffer mapped(long offset, int length) {
            return registers.mapped(offset, length);
        }
    }
}
