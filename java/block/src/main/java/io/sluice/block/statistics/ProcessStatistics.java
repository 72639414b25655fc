package io.sluice.block.statistics;

import java.util.List;

/**
 * The sessions of a process as they were at one moment.
 *
 * @param process the process
 * @param command what it runs, for people
 * @param takenNanos when that was, by the machine's monotonic clock ({@link System#nanoTime}), nanoseconds; differences between two of one process make rates
 * @param takenMillis when that was, milliseconds since 1970
 * @param sessions in the order in which they were opened
 */
public record ProcessStatistics(
        ProcessIdentity process, String command, long takenNanos, long takenMillis, List<SessionReading> sessions) {
    public ProcessStatistics {
        sessions = List.copyOf(sessions);
    }
}
