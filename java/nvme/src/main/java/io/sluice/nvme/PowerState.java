package io.sluice.nvme;

/**
 * A power state of a controller: Power State Descriptor data structure (section 5.15.2.2, figure 252). 0 = not said, for each number.
 *
 * @param maxMicrowatts the most that it takes (MP), microwatts
 * @param operational whether commands are executed in it (NOPS); from another the controller leaves it when a command comes
 * @param entryMicros time to enter it at the most (ENLAT), microseconds
 * @param exitMicros time to leave it at the most (EXLAT), microseconds
 * @param idleMicrowatts what it takes when idle (IDLP), microwatts
 * @param activeMicrowatts what it takes under load (ACTP), microwatts
 */
public record PowerState(
        long maxMicrowatts,
        boolean operational,
        long entryMicros,
        long exitMicros,
        long idleMicrowatts,
        long activeMicrowatts) {
    static final int BYTES = 32;

    static PowerState decode(DataStructure data, int at) {
        int flags = data.u8(at + 3);
        return new PowerState(
                data.u16(at) * ((flags & 1) != 0 ? 100L : 10_000L),
                (flags & 2) == 0,
                data.u32(at + 4),
                data.u32(at + 8),
                scaled(data.u16(at + 16), data.u8(at + 18)),
                scaled(data.u16(at + 20), data.u8(at + 22)));
    }

    /** Bits 7:6 say in which unit: 0.1 or 10 milliwatts. */
    private static long scaled(int value, int scale) {
        return switch (scale >>> 6) {
            case 1 -> value * 100L;
            case 2 -> value * 10_000L;
            default -> 0;
        };
    }
}
