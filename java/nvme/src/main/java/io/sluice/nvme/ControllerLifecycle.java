package io.sluice.nvme;

import io.sluice.pci.RegisterSpace;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Enables, disables and shuts down a controller by its registers (section 7.6), each within a time. Not thread-safe. */
final class ControllerLifecycle {
    private static final long POLL_NANOS = 100_000;
    private static final long QUIRK_DELAY_NANOS = 2_300_000_000L;
    /** For controllers that say CAP.TO = 0. */
    private static final long LEAST_READY_NANOS = 500_000_000;

    private final String controller;
    private final RegisterSpace registers;
    private final long readyNanos;
    private final Set<Quirk> quirks;

    ControllerLifecycle(String controller, RegisterSpace registers, Capabilities capabilities, Set<Quirk> quirks) {
        this.controller = controller;
        this.registers = registers;
        this.readyNanos = Math.max(capabilities.readyTimeoutMillis() * 1_000_000L, LEAST_READY_NANOS);
        this.quirks = quirks;
    }

    /** Clears CC.EN and waits until the controller stopped: from then on it touches no memory. */
    void disable() throws ControllerException {
        int configuration = registers.read32(Registers.CC);
        if (configuration == Registers.GONE) {
            throw new ControllerException(controller, Registers.describeStatus(Registers.GONE));
        }
        if ((configuration & Registers.CC_ENABLE) != 0) {
            int csts = registers.read32(Registers.CSTS);
            if ((csts & (Registers.CSTS_READY | Registers.CSTS_FATAL)) == 0) {
                // Section 3.1.5: EN is not to be cleared before RDY followed its setting. Somebody left it half way.
                awaitBeforeDisable();
            }
            registers.write32(Registers.CC, configuration & ~(Registers.CC_ENABLE | Registers.CC_SHUTDOWN_MASK));
        }
        settle();
        int csts = await(Registers.CSTS_READY, 0, readyNanos, false);
        if (csts == Registers.GONE || (csts & Registers.CSTS_READY) != 0) {
            throw new ControllerException(
                    controller,
                    "did not stop within " + millis(readyNanos) + " ms (CAP.TO) of CC.EN = 0; "
                            + Registers.describeStatus(csts) + "; reset the function or the machine");
        }
    }

    private void awaitBeforeDisable() {
        // Whether it comes or not, EN is cleared next.
        int ignored = await(Registers.CSTS_READY, Registers.CSTS_READY, readyNanos, true);
    }

    /**
     * Sets CC.EN, with pages of 2^pageShift bytes, and waits until the controller is ready. The admin queue is set up before.
     *
     * @param weighted whether submission queues have priorities rather than take turns
     */
    void enable(int pageShift, int commandSets, boolean weighted) throws ControllerException {
        int sets = (commandSets & 1 << 6) != 0
                ? Registers.CC_ALL_COMMAND_SETS
                : (commandSets & 1) == 0 && (commandSets & 1 << 7) != 0 ? Registers.CC_ADMIN_ONLY : 0;
        registers.write32(
                Registers.CC,
                Registers.CC_ENABLE
                        | ((pageShift - 12) << Registers.CC_PAGE_SHIFT)
                        | sets
                        | (weighted ? Registers.CC_WEIGHTED_ROUND_ROBIN : 0)
                        | Registers.CC_ENTRY_SIZES);
        settle();
        int csts = await(Registers.CSTS_READY, Registers.CSTS_READY, readyNanos, true);
        if (csts == Registers.GONE || (csts & Registers.CSTS_FATAL) != 0) {
            throw new ControllerException(
                    controller, "failed while it was being enabled: " + Registers.describeStatus(csts));
        }
        if ((csts & Registers.CSTS_READY) == 0) {
            throw new ControllerException(
                    controller,
                    "not ready within " + millis(readyNanos) + " ms (CAP.TO) of CC.EN = 1; "
                            + Registers.describeStatus(csts) + "; reset the function or the machine");
        }
    }

    /** Notifies the controller of a shutdown (section 7.6.2); returns whether it finished in time. */
    boolean shutdown(Duration deadline) {
        int configuration = registers.read32(Registers.CC);
        if (configuration == Registers.GONE) {
            return false;
        }
        registers.write32(Registers.CC, (configuration & ~Registers.CC_SHUTDOWN_MASK) | Registers.CC_SHUTDOWN_NORMAL);
        int csts = await(Registers.CSTS_SHUTDOWN_MASK, Registers.CSTS_SHUTDOWN_COMPLETE, deadline.toNanos(), true);
        return csts != Registers.GONE && (csts & Registers.CSTS_SHUTDOWN_MASK) == Registers.CSTS_SHUTDOWN_COMPLETE;
    }

    private void settle() {
        if (quirks.contains(Quirk.DELAY_BEFORE_READY)) {
            LockSupport.parkNanos(QUIRK_DELAY_NANOS);
        }
    }

    /** Polls CSTS until the masked bits have the value, the function is gone, it failed, or the time is over; returns CSTS. */
    private int await(int mask, int value, long nanos, boolean fatalEnds) {
        long start = System.nanoTime();
        while (true) {
            int csts = registers.read32(Registers.CSTS);
            if (csts == Registers.GONE
                    || (csts & mask) == value
                    || (fatalEnds && (csts & Registers.CSTS_FATAL) != 0)
                    || System.nanoTime() - start > nanos) {
                return csts;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
