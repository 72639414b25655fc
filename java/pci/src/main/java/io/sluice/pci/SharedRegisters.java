package io.sluice.pci;

import io.sluice.linux.Descriptor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a BAR that is memory, seen by the device and by its host at once.
 *
 * <p>Another process maps it from a file in which every byte stands at its offset in the BAR, since a host is told one file for a
 * BAR (vfio-user, VFIO_USER_DEVICE_GET_REGION_INFO): a memfd of the BAR's size, of which the other parts are not used. Its size must
 * be sealed, as that of {@link io.sluice.linux.SharedMemory} is, or a host could take the memory away from the device.
 *
 * @param offset of its first byte in the BAR, a multiple of the page size
 * @param memory the registers, direct, little-endian; whole pages
 * @param descriptor the file that another process maps at {@code offset}, the same for all parts of a BAR; null when the memory cannot
 *     leave this process
 */
public record SharedRegisters(
        long offset, ByteBuffer memory, @Nullable Descriptor descriptor) {}
