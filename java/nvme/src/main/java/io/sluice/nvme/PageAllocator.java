package io.sluice.nvme;

import io.sluice.pci.DmaMemory;
import io.sluice.pci.PciFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Allocates memory that starts on a page of the controller, which may be larger than what the platform aligns memory to. */
final class PageAllocator {
    private final PciFunction function;
    private final int pageShift;

    PageAllocator(PciFunction function, int pageShift) {
        this.function = function;
        this.pageShift = pageShift;
    }

    /** See {@link PciFunction#allocate}. */
    DmaMemory allocate(long bytes) throws IOException {
        DmaMemory memory = function.allocate(bytes);
        if (beyondPage(memory) == 0) {
            return memory;
        }
        memory.close();
        DmaMemory larger = function.allocate(bytes + (1L << pageShift));
        int skip = ((1 << pageShift) - beyondPage(larger)) & ((1 << pageShift) - 1);
        return new DmaMemory(larger.buffer().slice(skip, (int) bytes), larger.deviceAddress() + skip, larger::close);
    }

    /** See {@link PciFunction#map}; what comes back need not start on a page. */
    Optional<DmaMemory> map(ByteBuffer memory) throws IOException {
        return function.map(memory);
    }

    /** Size of a page, base-two logarithm. */
    int pageShift() {
        return pageShift;
    }

    private int beyondPage(DmaMemory memory) {
        return (int) memory.deviceAddress() & ((1 << pageShift) - 1);
    }
}
