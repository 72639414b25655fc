package io.sluice.nvme;

import io.sluice.pci.DmaMemory;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The doorbells of the I/O queues in memory (Doorbell Buffer Config, section 5.7): for controllers in software, where a store to a
 * register ends in another program. The host keeps the values in one page, the controller writes beside it, in the other, up to
 * where it looks by itself, and only a value that passes that is worth a register. Offsets in the pages are those of the
 * registers.
 *
 * <p>A reset of the controller takes the pages away from it; they are set up anew each time that it is enabled. The admin queue
 * keeps to its registers.
 */
final class ShadowDoorbells {
    private final DmaMemory pages;
    private final int pageBytes;
    private final int strideBytes;

    private ShadowDoorbells(DmaMemory pages, int pageBytes, int strideBytes) {
        this.pages = pages;
        this.pageBytes = pageBytes;
        this.strideBytes = strideBytes;
    }

    /** Whether a page holds the doorbells of so many I/O queue pairs, and of the admin queues. */
    static boolean fits(int ioQueuePairs, int pageShift, int strideBytes) {
        return 2L * (ioQueuePairs + 1L) * strideBytes <= 1L << pageShift;
    }

    /**
     * Gives the controller two pages.
     *
     * @throws CommandFailedException when the controller refuses them, which frees them
     */
    static ShadowDoorbells setUp(AdminQueue admin, PageAllocator memory, int pageShift, int strideBytes)
            throws IOException {
        DmaMemory pages = memory.allocate(2L << pageShift);
        try {
            int ignored = admin.execute(
                    AdminCommand.doorbellBufferConfig(),
                    pages.deviceAddress(),
                    pages.deviceAddress() + (1L << pageShift));
        } catch (CommandFailedException refused) {
            pages.close();
            throw refused;
        }
        return new ShadowDoorbells(pages, 1 << pageShift, strideBytes);
    }

    /** Sets the doorbells of a queue pair to 0, which is where the controller expects them when it creates the queues. */
    void clear(int queue) {
        ByteBuffer bytes = pages.buffer();
        for (int which = 0; which < 2; which++) {
            int at = (2 * queue + which) * strideBytes;
            bytes.putInt(at, 0);
            bytes.putInt(pageBytes + at, 0);
        }
    }

    /**
     * The doorbell with a shadow.
     *
     * @param offset of the register, bytes
     */
    Doorbell doorbell(RegisterSpace registers, long offset) {
        int at = (int) (offset - Registers.DOORBELLS);
        return new Doorbell(
                registers,
                offset,
                AdminQueue.slice(pages.buffer(), at, Integer.BYTES),
                AdminQueue.slice(pages.buffer(), pageBytes + at, Integer.BYTES));
    }
}
