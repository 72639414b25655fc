package io.sluice.nvme;

/**
 * SMART / Health Information log page (section 5.14.1.2). Counters that do not fit into 63 bits are given as {@link
 * Long#MAX_VALUE}.
 *
 * @param criticalWarning bits: 0 spare low, 1 temperature, 2 reliability degraded, 3 read-only, 4 volatile backup failed
 * @param temperatureKelvin composite temperature
 * @param availableSparePercent left of the spare blocks
 * @param spareThresholdPercent below which bit 0 is set
 * @param usedPercent of the vendor's estimate of life, may exceed 100
 * @param dataUnitsRead units of 512,000 bytes
 * @param dataUnitsWritten units of 512,000 bytes
 * @param hostReads read commands
 * @param hostWrites write commands
 * @param busyMinutes time with commands outstanding
 * @param powerCycles count
 * @param powerOnHours hours
 * @param unsafeShutdowns losses of power without notice
 * @param mediaErrors unrecovered errors of data integrity
 * @param errorLogEntries errors logged over life
 */
public record SmartLog(
        int criticalWarning,
        int temperatureKelvin,
        int availableSparePercent,
        int spareThresholdPercent,
        int usedPercent,
        long dataUnitsRead,
        long dataUnitsWritten,
        long hostReads,
        long hostWrites,
        long busyMinutes,
        long powerCycles,
        long powerOnHours,
        long unsafeShutdowns,
        long mediaErrors,
        long errorLogEntries) {
    static final int BYTES = 512;

    static SmartLog decode(byte[] bytes) {
        DataStructure data = new DataStructure(bytes);
        return new SmartLog(
                data.u8(0),
                data.u16(1),
                data.u8(3),
                data.u8(4),
                data.u8(5),
                data.u128(32),
                data.u128(48),
                data.u128(64),
                data.u128(80),
                data.u128(96),
                data.u128(112),
                data.u128(128),
                data.u128(144),
                data.u128(160),
                data.u128(176));
    }

    /** Composite temperature in degrees Celsius. */
    public int temperatureCelsius() {
        return temperatureKelvin - 273;
    }
}
