package io.sluice.pci;

import io.sluice.linux.MemoryRange;
import io.sluice.linux.PageChoice;
import io.sluice.pci.PciSetupException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * DMA without an IOMMU: the function uses physical addresses, which the kernel tells privileged processes in {@code
 * /proc/self/pagemap} (Documentation/admin-guide/mm/pagemap.rst). Only a huge page is contiguous and stays where it is.
 */
final class PhysicalDma implements DmaSpace {
    private static final long PRESENT = 1L << 63;
    private static final long FRAME = (1L << 55) - 1;

    private final String function;
    private final Path pagemap;

    PhysicalDma(String function, Path pagemap) {
        this.function = function;
        this.pagemap = pagemap;
    }

    @Override
    public PageChoice pages(long bytes, PageChoice wanted) {
        return PageChoice.HUGE;
    }

    /** Other memory is neither contiguous nor sure to stay where it is. */
    @Override
    public boolean takes(MemoryRange memory) {
        return false;
    }

    @Override
    public long map(MemoryRange memory) throws IOException {
        if (memory.size() > IovaAllocator.LARGE) {
            throw new PciSetupException(
                    Problem.NO_MEMORY,
                    function + ": without an IOMMU one piece of DMA memory has at most 2 MiB, the size of a huge page; "
                            + memory.size() + " bytes were asked for");
        }
        ByteBuffer entry = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (FileChannel channel = FileChannel.open(pagemap, StandardOpenOption.READ)) {
            // One entry of 8 bytes for each page of 4 KiB of this process; the first stands for the whole huge page.
            channel.read(entry, memory.address() / 4096 * Long.BYTES);
        }
        long word = entry.getLong(0);
        if ((word & PRESENT) == 0 || (word & FRAME) == 0) {
            throw new PciSetupException(
                    Problem.NO_PERMISSION,
                    function + ": the kernel does not tell physical addresses (" + pagemap
                            + "); it takes CAP_SYS_ADMIN");
        }
        return (word & FRAME) * 4096;
    }

    @Override
    public void unmap(long deviceAddress, long bytes) {}
}
