package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;

/** Address spaces for devices, the interface that follows VFIO containers ({@code linux/iommufd.h}). Any thread may call. */
public final class Iommufd implements Closeable {
    private final Descriptor descriptor;

    private Iommufd(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens an iommufd.
     *
     * @param path {@code /dev/iommu}
     */
    public static Iommufd open(String path) throws IOException {
        return new Iommufd(Descriptor.open(path));
    }

    /** Makes an empty address space and returns its id (IOMMU_IOAS_ALLOC). */
    public int allocate() throws IOException {
        return (int) descriptor.call("IOMMU_IOAS_ALLOC", IommufdShim::alloc);
    }

    /** Removes an address space that no device is attached to (IOMMU_DESTROY). */
    public void destroy(int addressSpace) throws IOException {
        descriptor.call("IOMMU_DESTROY", fd -> IommufdShim.destroy(fd, addressSpace));
    }

    /** What can be mapped (IOMMU_IOAS_IOVA_RANGES); true only until another device is attached. */
    public IommuInfo info(int addressSpace) throws IOException {
        long[] words = new long[VfioShim.WORDS];
        int count = (int) descriptor.call("IOMMU_IOAS_IOVA_RANGES", fd -> IommufdShim.ranges(fd, addressSpace, words));
        // It names one smallest unit; larger pages are then the kernel's business.
        return new IommuInfo(words[0], Long.MAX_VALUE, IommuInfo.ranges(words, 1, count));
    }

    /**
     * Pins memory and lets the attached devices read it, and write it where it is writeable (IOMMU_IOAS_MAP).
     *
     * @param iova where they see its first byte
     * @throws LinuxException ENOMEM above the limit of locked memory, EEXIST when the addresses are taken, EFAULT when the memory
     *     cannot be pinned
     */
    public void map(int addressSpace, MemoryRange memory, long iova) throws IOException {
        descriptor.call(
                "IOMMU_IOAS_MAP",
                fd -> IommufdShim.map(fd, addressSpace, memory.address(), memory.size(), iova, memory.access()));
    }

    /** Takes a former mapping away (IOMMU_IOAS_UNMAP). */
    public void unmap(int addressSpace, long iova, long bytes) throws IOException {
        descriptor.call("IOMMU_IOAS_UNMAP", fd -> IommufdShim.unmap(fd, addressSpace, iova, bytes));
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** Closes it with all its address spaces, once no device is bound to it any more. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
