package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.pci.DmaMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory that is lent to the controller for its own use (Host Memory Buffer, section 8.9), in chunks of its liking. The controller reads and
 * writes it whenever it wants; so nothing of it is freed before the controller gave it back, or was disabled, which the
 * function's end makes sure of.
 */
final class HostMemory {
    private static final int LARGEST_CHUNK = 1 << 29;
    private static final int DESCRIPTOR_BYTES = 16;
    /** Where the controller sets no limit: enough for 2^40 bytes, half of which came in chunks much smaller than wanted. */
    private static final int MOST_CHUNKS = 1 << 14;

    private final AdminQueue admin;
    private final long bytes;

    private HostMemory(AdminQueue admin, long bytes) {
        this.admin = admin;
        this.bytes = bytes;
    }

    /**
     * Lends what the controller prefers, as far as it is allowed; null when it wants none, cannot do with so little, or refuses.
     *
     * @param most most bytes to lend
     * @throws IOException when there is not as much memory as the controller needs at the least
     */
    static @Nullable HostMemory lend(
            AdminQueue admin, PageAllocator memory, IdentifyController identify, int pageShift, long most)
            throws IOException {
        long page = 1L << pageShift;
        long wanted = Math.min(most, identify.hostMemoryPreferredBytes()) & -page;
        long least = Math.max(page, identify.hostMemoryLeastBytes());
        if (wanted < least) {
            return null;
        }
        int mostChunks = identify.hostMemoryMostChunks() == 0
                ? MOST_CHUNKS
                : Math.min(identify.hostMemoryMostChunks(), MOST_CHUNKS);
        long leastChunk = Math.max(page, identify.hostMemoryLeastChunkBytes() + page - 1 & -page);
        List<DmaMemory> chunks = new ArrayList<>();
        DmaMemory list = null;
        boolean lent = false;
        try {
            list = memory.allocate((long) mostChunks * DESCRIPTOR_BYTES);
            long bytes = fill(memory, list.buffer(), chunks, wanted, least, leastChunk, mostChunks, pageShift);
            if (bytes < least) {
                return null;
            }
            int ignored =
                    admin.execute(AdminCommand.lendHostMemory(bytes >> pageShift, list.deviceAddress(), chunks.size()));
            lent = true;
            return new HostMemory(admin, bytes);
        } catch (CommandFailedException refused) {
            return null;
        } catch (BlockIoException unknown) {
            // The controller may have it: it goes with the function.
            lent = true;
            throw unknown;
        } finally {
            if (!lent) {
                chunks.forEach(DmaMemory::close);
                if (list != null) {
                    list.close();
                }
            }
        }
    }

    /** Allocates chunks, smaller ones where large ones are not to be had, and writes the list of them; returns how many bytes there are. */
    private static long fill(
            PageAllocator memory,
            ByteBuffer list,
            List<DmaMemory> chunks,
            long wanted,
            long least,
            long leastChunk,
            int mostChunks,
            int pageShift)
            throws IOException {
        long bytes = 0;
        long size = Math.min(wanted, LARGEST_CHUNK);
        while (bytes < wanted && chunks.size() < mostChunks) {
            size = Math.min(size, wanted - bytes);
            if (size < leastChunk) {
                break;
            }
            DmaMemory chunk;
            try {
                chunk = memory.allocate(size);
            } catch (IOException noMemory) {
                size = (size >> (pageShift + 1)) << pageShift;
                if (size >= leastChunk) {
                    continue;
                }
                if (bytes >= least) {
                    break;
                }
                throw noMemory;
            }
            int at = chunks.size() * DESCRIPTOR_BYTES;
            list.putLong(at, chunk.deviceAddress());
            list.putLong(at + Long.BYTES, size >> pageShift);
            chunks.add(chunk);
            bytes += size;
        }
        return bytes;
    }

    /** How much is lent, bytes. */
    long bytes() {
        return bytes;
    }

    /** Makes the controller give everything back; when this returns it does not touch the memory any more. */
    void takeBack() throws BlockIoException {
        int ignored = admin.execute(AdminCommand.takeHostMemoryBack());
    }
}
