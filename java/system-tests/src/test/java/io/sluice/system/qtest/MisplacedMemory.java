package io.sluice.system.qtest;

import io.sluice.pci.DmaMemory;
import io.sluice.pci.Interrupt;
import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.util.List;

/** A function whose memory starts where no page does, against what it promises. */
record MisplacedMemory(PciFunction function) implements PciFunction {
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
        return function.bar(index);
    }

    @Override
    public DmaMemory allocate(long bytes) throws IOException {
        DmaMemory memory = function.allocate(bytes);
        return new DmaMemory(memory.buffer(), memory.deviceAddress() + 8, memory::close);
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
}
