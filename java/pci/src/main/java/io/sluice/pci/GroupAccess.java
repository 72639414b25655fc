package io.sluice.pci;

import io.sluice.linux.VfioDevice;
import java.io.Closeable;
import java.io.IOException;

/** An IOMMU group in the hands of this process, by one of the kernel's interfaces: its functions share one DMA space. */
interface GroupAccess extends Closeable {
    /** Opens a function of the group. */
    VfioDevice open(String address) throws IOException;

    /** The DMA space of all functions of the group; after the first of them was opened. */
    DmaSpace dma();

    /** Gives the group back as soon as its last open function is closed. */
    @Override
    void close();
}
