package io.sluice.pci;

import io.sluice.linux.IommuInfo;
import io.sluice.linux.LinuxException;
import io.sluice.linux.MemoryRange;
import io.sluice.linux.PageChoice;
import io.sluice.linux.ResourceLimit;
import io.sluice.pci.PciSetupException.Problem;
import java.io.IOException;
import java.util.OptionalLong;

/** DMA behind an IOMMU: addresses of our choice, translated by the kernel's table. */
final class TranslatedDma implements DmaSpace {
    /** Enters a mapping into the kernel's table, or takes it out. */
    interface Table {
        void map(MemoryRange memory, long iova) throws IOException;

        void unmap(long iova, long bytes) throws IOException;
    }

    private final String function;
    private final Table table;
    private final IovaAllocator addresses;
    private final long pageBytes;

    TranslatedDma(String function, Table table, IommuInfo info) {
        this.function = function;
        this.table = table;
        // The smallest page of the IOMMU, but never below what memory is made of.
        long smallest = Long.lowestOneBit(info.pageSizes());
        this.pageBytes = Math.max(smallest, 4096);
        this.addresses = new IovaAllocator(info.ranges(), pageBytes);
    }

    @Override
    public PageChoice pages(long bytes, PageChoice wanted) {
        return bytes < IovaAllocator.LARGE ? PageChoice.PLAIN : wanted;
    }

    /** The IOMMU translates page by page: what lies beside the memory on its pages would be within the function's reach. */
    @Override
    public boolean takes(MemoryRange memory) {
        return memory.isWholePages(pageBytes);
    }

    @Override
    public long map(MemoryRange memory) throws IOException {
        OptionalLong address = addresses.allocate(memory.size());
        if (address.isEmpty()) {
            throw new PciSetupException(
                    Problem.NO_ADDRESSES,
                    function + ": no range of " + memory.size()
                            + " bytes is left of the addresses that its IOMMU translates ("
                            + addresses.freeBytes() + " bytes are free in " + addresses.pieces()
                            + " pieces); close other memory of this function");
        }
        try {
            table.map(memory, address.getAsLong());
            return address.getAsLong();
        } catch (IOException exception) {
            addresses.free(address.getAsLong(), memory.size());
            throw exception instanceof LinuxException failure ? explain(failure, memory.size()) : exception;
        }
    }

    /** Addresses whose unmapping fails stay taken: nobody may be given what the function may still write to. */
    @Override
    public void unmap(long deviceAddress, long bytes) throws IOException {
        table.unmap(deviceAddress, bytes);
        addresses.free(deviceAddress, bytes);
    }

    private IOException explain(LinuxException failure, long bytes) throws LinuxException {
        return switch (failure.errno()) {
            case ENOMEM -> {
                ResourceLimit limit = ResourceLimit.of(ResourceLimit.Resource.LOCKED_MEMORY);
                yield limit.soft() == ResourceLimit.UNLIMITED
                        ? new PciSetupException(
                                Problem.NO_MEMORY,
                                function + ": the kernel has no memory to map " + bytes + " bytes for DMA",
                                failure)
                        : new PciSetupException(
                                Problem.LOCKED_MEMORY,
                                function + ": " + bytes
                                        + " bytes more for DMA would exceed the limit of locked memory, "
                                        + limit.soft()
                                        + " bytes; raise it (ulimit -l KIB in the shell, LimitMEMLOCK=infinity in"
                                        + " the systemd unit, or memlock in /etc/security/limits.conf)",
                                failure);
            }
            case ENOSPC ->
                new PciSetupException(
                        Problem.TOO_MANY_MAPPINGS,
                        function + ": the kernel keeps no more DMA mappings for this process (dma_entry_limit of"
                                + " vfio_iommu_type1, 65535 unless changed); allocate fewer, larger pieces, or load the module"
                                + " with a higher limit",
                        failure);
            default -> failure;
        };
    }
}
