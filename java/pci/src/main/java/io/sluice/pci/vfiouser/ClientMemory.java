package io.sluice.pci.vfiouser;

import io.sluice.linux.Descriptor;
import io.sluice.linux.MappedMemory;
import io.sluice.pci.DmaMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * The memory that a client lets the device reach: pieces of the client's files, mapped here. One thread changes it; {@link #map()} may be
 * read by any.
 *
 * <p>Memory that a client took away stays harmless to whoever still holds a buffer of it ({@link MappedMemory#close}); so does memory whose
 * file the client shrinks, which throws {@link InternalError} at who touches it.
 */
final class ClientMemory {
    /** A buffer holds no more than 2 GiB. */
    private static final long LARGEST_PIECE = 1 << 30;

    private static final int PAGE = 4096;
    private static final int FLAGS = Request.DmaMap.READABLE | Request.DmaMap.WRITEABLE;

    /** What was mapped by one request: what stands there, nothing where no descriptor came with it. */
    private record Region(long address, long bytes, List<MappedMemory> pieces) {
        /** How far the last byte is from the first. */
        long extent() {
            return bytes - 1;
        }
    }

    private final int mostRegions;
    private final TreeMap<Long, Region> regions = new TreeMap<>(Long::compareUnsigned);
    private volatile DmaMap map = DmaMap.EMPTY;

    ClientMemory(int mostRegions) {
        this.mostRegions = mostRegions;
    }

    DmaMap map() {
        return map;
    }

    /** Adds memory: that of the file, or none that can be reached. */
    void add(Request.DmaMap request, @Nullable Descriptor file) throws RefusedException {
        check(request);
        if (regions.size() >= mostRegions) {
            throw new RefusedException(
                    Errno.ENOSPC, "DMA_MAP: " + mostRegions + " regions are mapped, which is as many as there may be");
        }
        Region region =
                new Region(request.address(), request.bytes(), file == null ? List.of() : mapPieces(request, file));
        DmaMap larger = map;
        long address = region.address;
        for (MappedMemory piece : region.pieces) {
            larger = larger.with(address, piece.buffer(), writeable(request));
            address += piece.buffer().capacity();
        }
        regions.put(region.address, region);
        map = larger;
    }

    private static boolean writeable(Request.DmaMap request) {
        // What may be written may be read, as on the buses that there are.
        return (request.flags() & Request.DmaMap.WRITEABLE) != 0;
    }

    private void check(Request.DmaMap request) throws RefusedException {
        if (request.flags() == 0 || (request.flags() & ~FLAGS) != 0) {
            throw RefusedException.invalid("DMA_MAP has flags 0x" + Integer.toHexString(request.flags()));
        }
        checkRange("DMA_MAP", request.address(), request.bytes());
        long offset = request.fileOffset();
        if (((request.address() | request.bytes() | offset) & (PAGE - 1)) != 0
                || offset < 0
                || offset + request.bytes() < offset) {
            throw RefusedException.invalid(describe("DMA_MAP", request.address(), request.bytes()) + " from "
                    + Long.toUnsignedString(offset) + " of its file is not of whole pages, or beyond any file");
        }
        Map.Entry<Long, Region> below = regions.floorEntry(request.address());
        Map.Entry<Long, Region> above = regions.ceilingEntry(request.address());
        if ((below != null
                        && Long.compareUnsigned(
                                        request.address() - below.getValue().address,
                                        below.getValue().extent())
                                <= 0)
                || (above != null
                        && Long.compareUnsigned(above.getValue().address - request.address(), request.bytes() - 1)
                                <= 0)) {
            throw new RefusedException(
                    Errno.EEXIST,
                    describe("DMA_MAP", request.address(), request.bytes()) + " overlaps what is mapped already");
        }
    }

    private static void checkRange(String what, long address, long bytes) throws RefusedException {
        if (bytes == 0 || Long.compareUnsigned(address + bytes - 1, address) < 0) {
            throw RefusedException.invalid(describe(what, address, bytes) + " is empty, or wraps");
        }
    }

    private static List<MappedMemory> mapPieces(Request.DmaMap request, Descriptor file) throws RefusedException {
        List<MappedMemory> pieces = new ArrayList<>();
        try {
            for (long done = 0; done < request.bytes(); done += LARGEST_PIECE) {
                long bytes = Math.min(LARGEST_PIECE, request.bytes() - done);
                pieces.add(MappedMemory.ofFile(file, request.fileOffset() + done, bytes, writeable(request)));
            }
            return pieces;
        } catch (IOException failure) {
            RefusedException refusal = RefusedException.invalid(
                    describe("DMA_MAP", request.address(), request.bytes()) + ": " + failure.getMessage());
            refusal.initCause(failure);
            try {
                close(pieces);
            } catch (IOException second) {
                refusal.addSuppressed(second);
            }
            throw refusal;
        }
    }

    /**
     * Takes memory out of the map; it stays mapped here until the result is {@linkplain Removed#release released}, once nothing uses it.
     */
    Removed remove(DmaUnmap request) throws RefusedException {
        if (request.flags() == DmaUnmap.ALL) {
            if ((request.address() | request.bytes()) != 0) {
                throw RefusedException.invalid("DMA_UNMAP of everything names an address or a size");
            }
            return removeAll();
        }
        if (request.flags() != 0) {
            throw new RefusedException(
                    Errno.ENOTSUP,
                    "DMA_UNMAP has flags 0x" + Integer.toHexString(request.flags())
                            + ": pages that were written are not kept account of here");
        }
        checkRange("DMA_UNMAP", request.address(), request.bytes());
        Region region = regions.get(request.address());
        if (region == null || region.bytes != request.bytes()) {
            throw new RefusedException(
                    Errno.ENOENT,
                    describe("DMA_UNMAP", request.address(), request.bytes()) + " is not what was mapped");
        }
        regions.remove(region.address);
        map = without(region, map);
        return new Removed(region.pieces);
    }

    /** Takes everything out of the map. */
    Removed removeAll() {
        List<MappedMemory> pieces = new ArrayList<>();
        regions.values().forEach(region -> pieces.addAll(region.pieces));
        regions.clear();
        map = DmaMap.EMPTY;
        return new Removed(pieces);
    }

    private static DmaMap without(Region region, DmaMap map) {
        DmaMap smaller = map;
        long address = region.address;
        for (MappedMemory piece : region.pieces) {
            smaller = smaller.without(address);
            address += piece.buffer().capacity();
        }
        return smaller;
    }

    /** Memory that is in the map no more. */
    record Removed(List<MappedMemory> pieces) {
        void release() throws IOException {
            close(pieces);
        }
    }

    private static void close(List<MappedMemory> pieces) throws IOException {
        IOException failure = null;
        for (MappedMemory piece : pieces) {
            try {
                piece.close();
            } catch (IOException exception) {
                if (failure == null) {
                    failure = exception;
                } else {
                    failure.addSuppressed(exception);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static String describe(String what, long address, long bytes) {
        return what + " of " + Long.toUnsignedString(bytes) + " bytes at 0x" + Long.toHexString(address);
    }
}
