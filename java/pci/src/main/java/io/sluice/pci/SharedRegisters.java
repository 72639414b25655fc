package io.sluice.pci;

import io.sluice.linux.Descriptor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a BAR that is memory, seen by the device and by its host at once.
 *
 * @param offset of its first byte in the BAR, a multiple of the page size
 * @param memory the registers, direct, little-endian; whole pages
 * @param descriptor what another process maps, from its beginning; null when the memory cannot leave this process
 */
public record SharedRegisters(
        long offset, ByteBuffer memory, @Nullable Descriptor descriptor) {}
