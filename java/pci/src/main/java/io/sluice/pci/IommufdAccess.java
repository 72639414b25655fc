package io.sluice.pci;

import io.sluice.linux.Iommufd;
import io.sluice.linux.MemoryRange;
import io.sluice.linux.VfioDevice;
import io.sluice.pci.PciSetupException.Problem;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A group by iommufd and VFIO's character devices ({@code linux/iommufd.h}, Linux 6.6). */
final class IommufdAccess implements GroupAccess {
    private final Iommufd iommufd;
    private final int addressSpace;
    private final VfioNodes nodes;
    private final SetupAdvice advice;
    private @Nullable DmaSpace dma;

    private IommufdAccess(Iommufd iommufd, int addressSpace, VfioNodes nodes, SetupAdvice advice) {
        this.iommufd = iommufd;
        this.addressSpace = addressSpace;
        this.nodes = nodes;
        this.advice = advice;
    }

    /** Opens an iommufd with one address space; functions are added by {@link #open(String)}. */
    static IommufdAccess open(VfioNodes nodes, SetupAdvice advice) throws IOException {
        Path node = nodes.iommufd();
        Iommufd iommufd = advice.explaining(node, () -> Iommufd.open(node.toString()));
        try {
            return new IommufdAccess(iommufd, advice.explaining(node, iommufd::allocate), nodes, advice);
        } catch (IOException exception) {
            iommufd.close();
            throw exception;
        }
    }

    @Override
    public VfioDevice open(String address) throws IOException {
        Path node = nodes.characterDevice(address)
                .orElseThrow(() -> new PciSetupException(
                        Problem.NO_VFIO,
                        address + ": this kernel has no VFIO character device for it (Linux 6.6 with"
                                + " CONFIG_VFIO_DEVICE_CDEV has); use the group interface"));
        VfioDevice device = advice.explaining(node, () -> VfioDevice.openCharacterDevice(node.toString()));
        try {
            return advice.explaining(node, () -> {
                device.bind(iommufd);
                device.attach(addressSpace);
                synchronized (this) {
                    if (dma == null) {
                        // What can be mapped is known only now that a device is attached.
                        dma = new TranslatedDma(address, new Table(), iommufd.info(addressSpace));
                    }
                }
                return device;
            });
        } catch (IOException exception) {
            device.close();
            throw exception;
        }
    }

    @Override
    public synchronized DmaSpace dma() {
        if (dma == null) {
            throw new IllegalStateException("no function of the group was opened yet");
        }
        return dma;
    }

    @Override
    public void close() {
        iommufd.close();
    }

    private final class Table implements TranslatedDma.Table {
        @Override
        public void map(MemoryRange memory, long iova) throws IOException {
            iommufd.map(addressSpace, memory, iova);
        }

        @Override
        public void unmap(long iova, long bytes) throws IOException {
            iommufd.unmap(addressSpace, iova, bytes);
        }
    }
}
