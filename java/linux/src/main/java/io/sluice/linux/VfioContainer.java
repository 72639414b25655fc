package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;

/**
 * A VFIO container: an address space that the devices of its groups share ({@code linux/vfio.h}, type 1 IOMMU). Any thread
 * may call.
 */
public final class VfioContainer implements Closeable {
    /** {@code VFIO_TYPE1v2_IOMMU}: unmapping takes whole former mappings only. */
    public static final int TYPE1_V2 = 3;

    /** {@code VFIO_NOIOMMU_IOMMU}: nothing is translated and nothing is protected. */
    public static final int NO_IOMMU = 8;

    private final Descriptor descriptor;

    private VfioContainer(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens {@code /dev/vfio/vfio} and checks that it speaks version 0 of the interface.
     *
     * @param path the device node
     */
    public static VfioContainer open(String path) throws IOException {
        Descriptor descriptor = Descriptor.open(path);
        try {
            descriptor.call("VFIO_GET_API_VERSION", VfioShim::checkApi);
            return new VfioContainer(descriptor);
        } catch (IOException exception) {
            descriptor.close();
            throw exception;
        }
    }

    /** Whether the kernel has an IOMMU driver of that type (VFIO_CHECK_EXTENSION). */
    public boolean supports(int type) throws IOException {
        return descriptor.call("VFIO_CHECK_EXTENSION", fd -> VfioShim.checkExtension(fd, type)) != 0;
    }

    /** Chooses the IOMMU driver (VFIO_SET_IOMMU); a group must be attached. */
    public void setIommu(int type) throws IOException {
        descriptor.call("VFIO_SET_IOMMU", fd -> VfioShim.setIommu(fd, type));
    }

    /** What can be mapped (VFIO_IOMMU_GET_INFO). */
    public IommuInfo info() throws IOException {
        long[] words = new long[VfioShim.WORDS];
        int count = (int) descriptor.call("VFIO_IOMMU_GET_INFO", fd -> VfioShim.iommuInfo(fd, words));
        return new IommuInfo(words[0], words[1] < 0 ? Long.MAX_VALUE : words[1], IommuInfo.ranges(words, 2, count));
    }

    /**
     * Pins memory and lets the devices read it, and write it where it is writeable (VFIO_IOMMU_MAP_DMA).
     *
     * @param iova where they see its first byte
     * @throws LinuxException ENOMEM above the limit of locked memory, ENOSPC when there are too many mappings, EEXIST when
     *     the addresses are taken, EINVAL when they cannot be translated, EFAULT when the memory cannot be pinned
     */
    public void map(MemoryRange memory, long iova) throws IOException {
        descriptor.call(
                "VFIO_IOMMU_MAP_DMA", fd -> VfioShim.map(fd, memory.address(), memory.size(), iova, memory.access()));
    }

    /** Takes exactly one former mapping away (VFIO_IOMMU_UNMAP_DMA). */
    public void unmap(long iova, long bytes) throws IOException {
        descriptor.call("VFIO_IOMMU_UNMAP_DMA", fd -> VfioShim.unmap(fd, iova, bytes));
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** Closes it; what is still mapped is unmapped by the kernel when its groups are closed too. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
