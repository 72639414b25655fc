package io.sluice.nvme;

import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The controller memory buffer (sections 3.1.11, 3.1.12, 4.7): memory of the controller behind one of its BARs, which takes
 * submission queues. The driver stores entries across the bus, and the controller need not fetch them. For one thread at a time.
 *
 * <p>Only the way of revision 1.4 is followed: there the host says where the buffer stands among the addresses that the
 * controller uses. Before, it stands at the physical address of its BAR, which is an address of other memory behind an IOMMU.
 */
final class ControllerMemory {
    /** Beyond what memory is ever mapped at: addresses of an IOMMU have 63 bits at the most. */
    private static final long ADDRESS = 1L << 63;
    /** More than the submission queues that anybody opens. */
    private static final long MOST_BYTES = 1 << 28;
    /** Units of 64 GiB are the largest there are. */
    private static final int LARGEST_UNIT = 6;

    private final RegisterSpace bar;
    private final long start;
    private final int pageShift;
    private final int pages;
    private final BitSet used = new BitSet();

    private ControllerMemory(RegisterSpace bar, long start, long bytes, int pageShift) {
        this.bar = bar;
        this.start = start;
        this.pageShift = pageShift;
        this.pages = (int) (Math.min(bytes, MOST_BYTES) >> pageShift);
    }

    /** Takes the buffer out of the addresses that the controller uses; somebody before may have left it at one that is another's now. */
    static void remove(RegisterSpace registers, Capabilities capabilities) {
        if (capabilities.memoryBuffer()) {
            control(registers, 0);
        }
    }

    /** Writes CMBMSC; the bits that act are in its low half, which goes last. */
    private static void control(RegisterSpace registers, long value) {
        registers.write32(Registers.CMBMSC + Integer.BYTES, (int) (value >>> 32));
        registers.write32(Registers.CMBMSC, (int) value);
    }

    /**
     * Places the buffer; null when there is none that takes submission queues and is mapped.
     *
     * @throws IOException when the BAR that it is said to lie in cannot be reached
     */
    static @Nullable ControllerMemory place(
            PciFunction function, RegisterSpace registers, Capabilities capabilities, int pageShift)
            throws IOException {
        if (!capabilities.memoryBuffer()) {
            return null;
        }
        // The registers that describe it can be read only after this.
        control(registers, Registers.CMB_REGISTERS);
        int location = registers.read32(Registers.CMBLOC);
        int size = registers.read32(Registers.CMBSZ);
        int unit = size >>> 8 & 0xf;
        if ((size & Registers.CMB_SUBMISSION_QUEUES) == 0 || unit > LARGEST_UNIT) {
            remove(registers, capabilities);
            return null;
        }
        int unitShift = 12 + 4 * unit;
        long start = (location >>> 12 & 0xf_ffffL) << unitShift;
        RegisterSpace bar = function.bar(Math.min(location & 7, 5));
        long bytes = Math.min((size >>> 12 & 0xf_ffffL) << unitShift, bar.size() - start);
        if (bytes < 1L << pageShift || bar.mapped(start, 1 << pageShift) == null) {
            remove(registers, capabilities);
            return null;
        }
        control(registers, ADDRESS | Registers.CMB_PLACED | Registers.CMB_REGISTERS);
        if ((registers.read32(Registers.CMBSTS) & Registers.CMB_ADDRESS_INVALID) != 0) {
            remove(registers, capabilities);
            return null;
        }
        return new ControllerMemory(bar, start, bytes, pageShift);
    }

    /**
     * A piece of the buffer.
     *
     * @param page its first page in the buffer
     * @param pages how many pages it has
     * @param bytes the memory, zeroed
     * @param address where the controller sees it
     */
    record Piece(int page, int pages, ByteBuffer bytes, long address) {}

    /** Takes a piece; null when there is none of the size, or it is not mapped as a whole. */
    @Nullable
    Piece take(int bytes) {
        int count = (bytes + (1 << pageShift) - 1) >> pageShift;
        int page = used.nextClearBit(0);
        while (page + count <= pages) {
            int taken = used.nextSetBit(page);
            if (taken < 0 || taken >= page + count) {
                long offset = (long) page << pageShift;
                ByteBuffer mapped = bar.mapped(start + offset, bytes);
                if (mapped == null) {
                    return null;
                }
                used.set(page, page + count);
                clear(mapped);
                return new Piece(page, count, mapped, ADDRESS + offset);
            }
            page = used.nextClearBit(taken);
        }
        return null;
    }

    private static void clear(ByteBuffer mapped) {
        try {
            for (int at = 0; at < mapped.capacity(); at += Long.BYTES) {
                mapped.putLong(at, 0);
            }
        } catch (InternalError gone) {
            // The function was removed (see RegisterSpace#mapped), as the command that makes the queue will find.
            return;
        }
    }

    /** Gives a piece back that the controller does not use any more. */
    void giveBack(Piece piece) {
        used.clear(piece.page, piece.page + piece.pages);
    }
}
