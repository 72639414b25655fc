package io.sluice.nvme;

/**
 * From a power state to another one after some time without a command (Autonomous Power State Transition, section 5.21.1.12).
 *
 * @param from number of the power state that the controller is in
 * @param to number of the power state that it enters, which is a non-operational one
 * @param idleMillis after how long, milliseconds, 1 to 2^24 - 1
 */
public record IdleTransition(int from, int to, int idleMillis) {
    public IdleTransition {
        if (from < 0 || from > 31 || to < 0 || to > 31) {
            throw new IllegalArgumentException("from power state " + from + " to " + to + ": expected 0 to 31");
        }
        if (idleMillis < 1 || idleMillis >= 1 << 24) {
            throw new IllegalArgumentException(idleMillis + " ms without a command: expected 1 to 2^24 - 1");
        }
    }
}
