package io.sluice.cli;

import io.sluice.block.LatencyHistogram;
import io.sluice.block.Operation;
import io.sluice.block.statistics.OperationReading;
import io.sluice.block.statistics.ProcessStatistics;
import io.sluice.block.statistics.SessionReading;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session did between two readings of its process.
 *
 * @param pid the process
 * @param command what the process runs
 * @param session the later reading
 * @param nanos between the two; 0 when there was no earlier one
 * @param done what it did in that time, by kind; kinds that it did not do are missing
 */
record SessionActivity(
        long pid, String command, SessionReading session, long nanos, Map<Operation, OperationReading> done) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** What the sessions of the later readings did since the earlier ones, in the order of the later ones. */
    static List<SessionActivity> between(List<ProcessStatistics> earlier, List<ProcessStatistics> later) {
        List<SessionActivity> activities = new ArrayList<>();
        for (ProcessStatistics process : later) {
            ProcessStatistics before = earlier.stream()
                    .filter(other -> other.process().equals(process.process()))
                    .findFirst()
                    .orElse(null);
            long nanos = before == null ? 0 : Math.max(0, process.takenNanos() - before.takenNanos());
            Map<Long, SessionReading> known = new HashMap<>();
            if (before != null) {
                before.sessions().forEach(session -> known.put(session.number(), session));
            }
            for (SessionReading session : process.sessions()) {
                activities.add(new SessionActivity(
                        process.process().pid(),
                        process.command(),
                        session,
                        nanos,
                        nanos == 0 ? Map.of() : since(session, known.get(session.number()))));
            }
        }
        return activities;
    }

    /** A session that was opened meanwhile did everything meanwhile. */
    private static Map<Operation, OperationReading> since(SessionReading session, @Nullable SessionReading earlier) {
        Map<Operation, OperationReading> done = new EnumMap<>(Operation.class);
        for (Operation operation : session.operations().keySet()) {
            OperationReading reading = session.operation(operation);
            OperationReading added = earlier == null ? reading : reading.since(earlier.operation(operation));
            if (added.done() > 0) {
                done.put(operation, added);
            }
        }
        return done;
    }

    double iops(Operation operation) {
        return perSecond((double) done(operation).done());
    }

    double bytesPerSecond(Operation operation) {
        return perSecond((double) done(operation).blocks() * session.blockBytes());
    }

    private double perSecond(double amount) {
        return nanos == 0 ? 0 : amount * NANOS_PER_SECOND / nanos;
    }

    OperationReading done(Operation operation) {
        return done.getOrDefault(operation, OperationReading.NONE);
    }

    /**
     * Operations in flight: the mean over the time, which is the sum of all latencies by it (Little's law), where latencies are recorded, and otherwise how many
     * there were at its end.
     */
    double depth() {
        double sum = 0;
        long timed = 0;
        for (OperationReading reading : done.values()) {
            LatencyHistogram latency = reading.latency();
            timed += latency.count();
            sum += (double) latency.count() * latency.meanNanos();
        }
        return nanos == 0 || timed == 0 ? session.inFlight() : Math.min(sum / nanos, session.queueDepth());
    }
}
