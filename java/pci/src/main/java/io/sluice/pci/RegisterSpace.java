package io.sluice.pci;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A range of device registers, little-endian. Each access is one access of the device, in program order with respect to
 * every other access of this thread to this space. Registers may be used from any thread.
 *
 * <p>A function that is gone (pulled, reset, memory decoding off) reads as all ones and ignores writes, as on the PCI bus.
 */
public interface RegisterSpace {
    /** Size in bytes. */
    long size();

    /**
     * Reads 32 bits.
     *
     * @param offset bytes, a multiple of 4, below {@link #size()} - 3
     * @throws IndexOutOfBoundsException when the offset is outside of the space or not aligned
     */
    int read32(long offset);

    /** Writes 32 bits; see {@link #read32}. */
    void write32(long offset, int value);

    /** Reads 64 bits, as one access where the space allows it, as low half then high half where not; offset a multiple of 8. */
    long read64(long offset);

    /** Writes 64 bits, low half first where one access is not possible; offset a multiple of 8. */
    void write64(long offset, long value);

    /**
     * The registers themselves, where the platform maps them: a little-endian direct buffer on which a store is a store to
     * the device. The hot path rings doorbells through it. Reading it while the function is removed can throw {@link
     * InternalError}, which the accessors of this interface turn into all ones.
     *
     * @return null where each access is a message, or the range is not mapped as a whole
     */
    @Nullable
    ByteBuffer mapped(long offset, int length);
}
