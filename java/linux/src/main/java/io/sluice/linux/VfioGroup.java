package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;

/**
 * An IOMMU group as VFIO hands it out ({@code linux/vfio.h}): the functions that the platform can only isolate together.
 * The kernel lets one process have it at a time. Any thread may call.
 */
public final class VfioGroup implements Closeable {
    private static final int VIABLE = 1;

    private final Descriptor descriptor;

    private VfioGroup(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens a group.
     *
     * @param path {@code /dev/vfio/N} or {@code /dev/vfio/noiommu-N}
     * @throws LinuxException EBUSY when another process, or this one, has it open
     */
    public static VfioGroup open(String path) throws IOException {
        return new VfioGroup(Descriptor.open(path));
    }

    /** Whether every function of the group is bound to a VFIO driver or to none (VFIO_GROUP_GET_STATUS). */
    public boolean viable() throws IOException {
        return (descriptor.call("VFIO_GROUP_GET_STATUS", VfioShim::groupFlags) & VIABLE) != 0;
    }

    /** Puts the group's functions into an address space (VFIO_GROUP_SET_CONTAINER). */
    public void attach(VfioContainer container) throws IOException {
        Descriptor other = container.descriptor();
        int number = other.acquire();
        try {
            descriptor.call("VFIO_GROUP_SET_CONTAINER", fd -> VfioShim.groupAttach(fd, number));
        } finally {
            other.release();
        }
    }

    /** Takes the group out of its address space (VFIO_GROUP_UNSET_CONTAINER). */
    public void detach() throws IOException {
        descriptor.call("VFIO_GROUP_UNSET_CONTAINER", VfioShim::groupDetach);
    }

    /**
     * Opens a function of the group (VFIO_GROUP_GET_DEVICE_FD).
     *
     * @param address as sysfs writes it: {@code 0000:03:00.0}
     */
    public VfioDevice device(String address) throws IOException {
        int number = (int) descriptor.call("VFIO_GROUP_GET_DEVICE_FD", fd -> VfioShim.groupDevice(fd, address));
        return new VfioDevice(new Descriptor(address, number));
    }

    /** Gives the group back; devices that are open keep it until they are closed. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
