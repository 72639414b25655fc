package io.sluice.emulator;

import java.nio.ByteBuffer;

/**
 * What the SMART / Health Information log page counts (section 5.14.1.2). Counted by the controller's thread; temperature and warnings are set by any.
 */
final class Health {
    static final int LOG_BYTES = 512;
    /** A data unit is 1000 blocks of 512 bytes. */
    private static final long UNIT_BYTES = 512_000;

    private static final int SPARE_LOW = 1;
    private static final int SPARE_PERCENT = 100;
    private static final int SPARE_THRESHOLD_PERCENT = 10;

    private volatile int temperatureKelvin = 303;
    private volatile int criticalWarning;
    private long bytesRead;
    private long bytesWritten;
    private long reads;
    private long writes;
    private long mediaErrors;
    private long powerCycles;
    private long unsafeShutdowns;
    private final long poweredOn = System.nanoTime();

    void read(long bytes) {
        reads++;
        bytesRead += bytes;
    }

    void written(long bytes) {
        writes++;
        bytesWritten += bytes;
    }

    void mediaError() {
        mediaErrors++;
    }

    void powerCycle() {
        powerCycles++;
    }

    void unsafeShutdown() {
        unsafeShutdowns++;
    }

    int temperatureKelvin() {
        return temperatureKelvin;
    }

    void temperatureKelvin(int value) {
        temperatureKelvin = value;
    }

    int criticalWarning() {
        return criticalWarning;
    }

    void criticalWarning(int bits) {
        criticalWarning = bits;
    }

    /**
     * Writes the log page.
     *
     * @param warnings critical warnings, those that follow from thresholds included
     */
    void write(ByteBuffer page, int warnings, long errors) {
        page.put(0, (byte) warnings);
        page.putShort(1, (short) temperatureKelvin);
        page.put(3, (byte) ((warnings & SPARE_LOW) != 0 ? SPARE_THRESHOLD_PERCENT - 1 : SPARE_PERCENT));
        page.put(4, (byte) SPARE_THRESHOLD_PERCENT);
        page.putLong(32, units(bytesRead));
        page.putLong(48, units(bytesWritten));
        page.putLong(64, reads);
        page.putLong(80, writes);
        page.putLong(112, powerCycles);
        page.putLong(128, (System.nanoTime() - poweredOn) / 3_600_000_000_000L);
        page.putLong(144, unsafeShutdowns);
        page.putLong(160, mediaErrors);
        page.putLong(176, errors);
    }

    private static long units(long bytes) {
        return (bytes + UNIT_BYTES - 1) / UNIT_BYTES;
    }
}
