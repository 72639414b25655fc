package io.sluice.pci;

import io.sluice.linux.MemoryRange;
import io.sluice.linux.PageChoice;
import java.io.IOException;

/** The addresses that a function uses for its DMA, and what memory stands at them. */
interface DmaSpace {
    /** The pages that memory of this size is to be made of. */
    PageChoice pages(long bytes, PageChoice wanted);

    /** Whether {@link #map} takes memory that was not made for it. */
    boolean takes(MemoryRange memory);

    /** Lets the function reach the memory; returns the address of its first byte as the function sees it. */
    long map(MemoryRange memory) throws IOException;

    /** Takes memory away from the function that {@link #map} gave it. */
    void unmap(long deviceAddress, long bytes) throws IOException;
}
