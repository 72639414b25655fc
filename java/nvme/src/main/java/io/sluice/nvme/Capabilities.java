package io.sluice.nvme;

/**
 * The capabilities of a controller: registers CAP and VS (section 3.1).
 *
 * @param maxQueueEntries most entries of an I/O queue, 2 to 65536 (CAP.MQES + 1)
 * @param contiguousQueues whether queues must be physically contiguous (CAP.CQR); ours always are
 * @param readyTimeoutMillis how long enabling or disabling may take, milliseconds (CAP.TO)
 * @param doorbellStrideBytes distance of two doorbells in bytes (CAP.DSTRD), 4 to 131072
 * @param minPageShift base-two logarithm of the smallest memory page (CAP.MPSMIN), 12 to 27
 * @param maxPageShift base-two logarithm of the largest memory page (CAP.MPSMAX)
 * @param commandSets CAP.CSS: bit 0 NVM, bit 6 one or more I/O command sets, bit 7 admin only
 * @param subsystemReset whether NSSR works (CAP.NSSRS)
 * @param memoryBuffer whether there is a controller memory buffer (CAP.CMBS, from version 1.4)
 * @param weightedRoundRobin whether submission queues can have priorities (CAP.AMS bit 0)
 * @param version VS: major in bits 31:16, minor in 15:8, tertiary in 7:0
 */
public record Capabilities(
        int maxQueueEntries,
        boolean contiguousQueues,
        int readyTimeoutMillis,
        int doorbellStrideBytes,
        int minPageShift,
        int maxPageShift,
        int commandSets,
        boolean subsystemReset,
        boolean memoryBuffer,
        boolean weightedRoundRobin,
        int version) {

    static Capabilities decode(String controller, long cap, int version) throws ControllerException {
        if (cap == -1L) {
            throw new ControllerException(
                    controller, "its registers read as all ones: it was removed, or its memory decoding is off");
        }
        int mqes = (int) cap & 0xffff;
        int minPageShift = 12 + ((int) (cap >>> 48) & 0xf);
        int maxPageShift = 12 + ((int) (cap >>> 52) & 0xf);
        if (mqes == 0) {
            throw new ControllerException(controller, "CAP.MQES is 0, but a queue has at least two entries");
        }
        if (minPageShift > maxPageShift) {
            throw new ControllerException(
                    controller,
                    "CAP.MPSMIN is larger than CAP.MPSMAX (2^" + minPageShift + " and 2^" + maxPageShift + " bytes)");
        }
        return new Capabilities(
                mqes + 1,
                (cap >>> 16 & 1) != 0,
                ((int) (cap >>> 24) & 0xff) * 500,
                4 << ((int) (cap >>> 32) & 0xf),
                minPageShift,
                maxPageShift,
                (int) (cap >>> 37) & 0xff,
                (cap >>> 36 & 1) != 0,
                (cap >>> 57 & 1) != 0,
                (cap >>> 17 & 1) != 0,
                version);
    }

    /** The version in words: {@code 1.4} or {@code 1.2.1}. */
    public String versionText() {
        String text = (version >>> 16) + "." + (version >>> 8 & 0xff);
        return (version & 0xff) == 0 ? text : text + "." + (version & 0xff);
    }

    boolean atLeast(int major, int minor) {
        return Integer.compareUnsigned(version >>> 8, major << 8 | minor) >= 0;
    }
}
