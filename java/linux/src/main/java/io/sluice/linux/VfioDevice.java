package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A function of which this process is the driver ({@code linux/vfio.h}). Any thread may call.
 *
 * <p>The kernel takes the function back when the descriptor is closed and none of its regions is mapped any more: it stops
 * DMA (clears bus mastering), disables interrupts and resets the function where that works.
 */
public final class VfioDevice implements Closeable {
    /** Region indexes of PCI devices: BARs are 0 to 5. */
    public static final int CONFIG_REGION = 7;

    /** Interrupt indexes of PCI devices. */
    public static final int INTX_INTERRUPT = 0;

    /** Message-signalled interrupts with a table, up to 2048. */
    public static final int MSIX_INTERRUPT = 2;

    /** The kernel's request to give the device back. */
    public static final int REQUEST_INTERRUPT = 4;

    private final Descriptor descriptor;

    VfioDevice(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens the character device of a function, {@code /dev/vfio/devices/vfioN} (Linux 6.6). Before any other call it has to
     * be {@link #bind bound}.
     */
    public static VfioDevice openCharacterDevice(String path) throws IOException {
        return new VfioDevice(Descriptor.open(path));
    }

    /** Hands the function's DMA to an iommufd (VFIO_DEVICE_BIND_IOMMUFD). */
    public void bind(Iommufd iommufd) throws IOException {
        Descriptor other = iommufd.descriptor();
        int number = other.acquire();
        try {
            descriptor.call("VFIO_DEVICE_BIND_IOMMUFD", fd -> IommufdShim.bind(fd, number));
        } finally {
            other.release();
        }
    }

    /** Lets the function see an address space of its iommufd (VFIO_DEVICE_ATTACH_IOMMUFD_PT). */
    public void attach(int addressSpace) throws IOException {
        descriptor.call("VFIO_DEVICE_ATTACH_IOMMUFD_PT", fd -> IommufdShim.attach(fd, addressSpace));
    }

    /** The function sees no memory any more (VFIO_DEVICE_DETACH_IOMMUFD_PT). */
    public void detach() throws IOException {
        descriptor.call("VFIO_DEVICE_DETACH_IOMMUFD_PT", IommufdShim::detach);
    }

    /** Whether the platform can reset the function alone (VFIO_DEVICE_GET_INFO). */
    public boolean resettable() throws IOException {
        long[] words = new long[3];
        descriptor.call("VFIO_DEVICE_GET_INFO", fd -> VfioShim.deviceInfo(fd, words));
        return (words[0] & 1) != 0;
    }

    /** What is known of a region (VFIO_DEVICE_GET_REGION_INFO). */
    public VfioRegion region(int index) throws IOException {
        long[] words = new long[VfioShim.WORDS];
        int areas = (int) descriptor.call("VFIO_DEVICE_GET_REGION_INFO", fd -> VfioShim.regionInfo(fd, index, words));
        return VfioRegion.of(words, areas);
    }

    /**
     * Maps a part of a region.
     *
     * @param position on the descriptor: the region's offset and what is to be skipped of it
     */
    public MappedMemory map(long position, long bytes) throws IOException {
        return MappedMemory.map(descriptor, position, bytes);
    }

    /**
     * Reads a register by message.
     *
     * @param position on the descriptor
     * @param width 1, 2, 4 or 8 bytes
     */
    public long read(long position, int width) throws IOException {
        long[] words = new long[1];
        descriptor.call("pread", fd -> VfioShim.readRegister(fd, position, width, words));
        return words[0];
    }

    /** Writes a register by message; see {@link #read}. */
    public void write(long position, int width, long value) throws IOException {
        descriptor.call("pwrite", fd -> VfioShim.writeRegister(fd, position, width, value));
    }

    /** How many interrupts of a kind there are (VFIO_DEVICE_GET_IRQ_INFO); 0 when none. */
    public int interruptCount(int index) throws IOException {
        long[] words = new long[2];
        descriptor.call("VFIO_DEVICE_GET_IRQ_INFO", fd -> VfioShim.irqInfo(fd, index, words));
        return (int) Math.min(words[1], Integer.MAX_VALUE);
    }

    /**
     * The interrupts 0 to {@code events.size() - 1} of a kind make these events from now on (VFIO_DEVICE_SET_IRQS).
     *
     * @return how many the platform has; when fewer than asked for, none is enabled
     */
    public int setInterrupts(int index, List<EventDescriptor> events) throws IOException {
        int[] numbers = new int[events.size()];
        int acquired = 0;
        try {
            for (; acquired < numbers.length; acquired++) {
                numbers[acquired] = events.get(acquired).descriptor().acquire();
            }
            long available = descriptor.call("VFIO_DEVICE_SET_IRQS", fd -> VfioShim.irqSet(fd, index, 0, numbers));
            // 0 is success; a positive number says how many vectors could be had instead.
            return available == 0 ? numbers.length : (int) available;
        } finally {
            for (int i = 0; i < acquired; i++) {
                events.get(i).descriptor().release();
            }
        }
    }

    /** No interrupt of that kind makes an event any more (VFIO_DEVICE_SET_IRQS). */
    public void disableInterrupts(int index) throws IOException {
        descriptor.call("VFIO_DEVICE_SET_IRQS", fd -> VfioShim.irqDisable(fd, index));
    }

    /** Masks or unmasks the first interrupt of a kind; the kernel masks INTx each time it comes (VFIO_DEVICE_SET_IRQS). */
    public void maskInterrupt(int index, boolean masked) throws IOException {
        descriptor.call("VFIO_DEVICE_SET_IRQS", fd -> VfioShim.irqMask(fd, index, masked));
    }

    /** Resets the function and restores its configuration space (VFIO_DEVICE_RESET). */
    public void reset() throws IOException {
        descriptor.call("VFIO_DEVICE_RESET", VfioShim::reset);
    }

    /** Gives the function back. Close the mappings of its regions first. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
