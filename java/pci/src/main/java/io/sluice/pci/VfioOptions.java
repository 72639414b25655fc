package io.sluice.pci;

import io.sluice.linux.PageChoice;

/**
 * How a function is opened.
 *
 * @param access by which of the kernel's interfaces
 * @param pages what DMA memory of 2 MiB and more is made of; smaller pieces always have plain pages
 * @param maximumInterrupts at most that many MSI-X vectors are offered, 0 to 2048; each costs a descriptor when enabled
 * @param unsafeWithoutIommu lets a function be opened that no IOMMU confines. It can then overwrite any memory of the
 *     machine when the driver or the drive errs, the kernel calls itself tainted, and memory is limited to 2 MiB apiece
 */
public record VfioOptions(Access access, PageChoice pages, int maximumInterrupts, boolean unsafeWithoutIommu) {
    /** The kernel's interfaces to a function. */
    public enum Access {
        /** {@link #CHARACTER_DEVICE} where the kernel has it, else {@link #GROUP}. */
        AUTOMATIC,
        /** A VFIO group and a container with a type 1 IOMMU; every kernel with VFIO has it. */
        GROUP,
        /** A VFIO character device and iommufd; Linux 6.6, when built with them. */
        CHARACTER_DEVICE
    }

    /** The largest MSI-X table (PCI Local Bus Specification 3.0, section 6.8.2.3). */
    public static final int LARGEST_INTERRUPT_COUNT = 2048;

    /** Out of range is refused. */
    public VfioOptions {
        if (maximumInterrupts < 0 || maximumInterrupts > LARGEST_INTERRUPT_COUNT) {
            throw new IllegalArgumentException("maximumInterrupts: " + maximumInterrupts + " (expected: 0 to 2048)");
        }
    }

    /** What suits most: the newer interface where there is one, huge pages when free, up to 128 interrupts, an IOMMU. */
    public static VfioOptions defaults() {
        return new VfioOptions(Access.AUTOMATIC, PageChoice.HUGE_WHEN_FREE, 128, false);
    }

    /** The same with another interface. */
    public VfioOptions withAccess(Access other) {
        return new VfioOptions(other, pages, maximumInterrupts, unsafeWithoutIommu);
    }

    /** The same with other pages. */
    public VfioOptions withPages(PageChoice other) {
        return new VfioOptions(access, other, maximumInterrupts, unsafeWithoutIommu);
    }

    /** The same with another limit of interrupts. */
    public VfioOptions withMaximumInterrupts(int count) {
        return new VfioOptions(access, pages, count, unsafeWithoutIommu);
    }

    /** The same with or without the permission to go unprotected. */
    public VfioOptions withUnsafeWithoutIommu(boolean allowed) {
        return new VfioOptions(access, pages, maximumInterrupts, allowed);
    }
}
