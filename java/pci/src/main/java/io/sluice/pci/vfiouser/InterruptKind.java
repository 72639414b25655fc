package io.sluice.pci.vfiouser;

import org.jspecify.annotations.Nullable;

/** The kinds of interrupts of a PCI device ({@code VFIO_PCI_*_IRQ_INDEX} of {@code linux/vfio.h}); their numbers are their places. */
enum InterruptKind {
    /** The interrupt pin. */
    INTX,
    /** Message-signalled interrupts without a table. */
    MSI,
    /** Message-signalled interrupts with a table. */
    MSIX,
    /** The device met an error that cannot be corrected. */
    ERROR,
    /** The device wants to be given back. */
    REQUEST;

    private static final InterruptKind[] ALL = values();

    static int count() {
        return ALL.length;
    }

    /** The kind of an index; null when there is none. */
    static @Nullable InterruptKind of(int index) {
        return index >= 0 && index < ALL.length ? ALL[index] : null;
    }
}
