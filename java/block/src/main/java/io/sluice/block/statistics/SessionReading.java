package io.sluice.block.statistics;

import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import java.util.EnumMap;
import java.util.Map;

/**
 * A session as it was at one moment.
 *
 * @param number which session of its process: {@link OpenSession#id}
 * @param device name of its device
 * @param label who it is for
 * @param firstBlock first block of its window on the device
 * @param blockCount blocks of its window
 * @param blockBytes bytes of a block
 * @param writeable whether it may change blocks
 * @param queueDepth how many operations can be in flight
 * @param inFlight how many were
 * @param failures operations that failed since it was opened
 * @param operations what it did since it was opened; kinds that it did not do are missing
 */
public record SessionReading(
        long number,
        String device,
        String label,
        long firstBlock,
        long blockCount,
        int blockBytes,
        boolean writeable,
        int queueDepth,
        int inFlight,
        long failures,
        Map<Operation, OperationReading> operations) {
    public SessionReading {
        operations = Map.copyOf(operations);
    }

    /** A session as it is now. */
    public static SessionReading of(OpenSession session) {
        LatencyStatistics latency = session.latency();
        Map<Operation, OperationReading> operations = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            long done = session.done(operation);
            if (done > 0) {
                operations.put(operation, new OperationReading(done, session.blocks(operation), latency.of(operation)));
            }
        }
        return new SessionReading(
                session.id(),
                session.device(),
                session.label(),
                session.firstBlock(),
                session.blockCount(),
                session.blockBytes(),
                session.writeable(),
                session.queueDepth(),
                session.inFlight(),
                session.statistics().failures(),
                operations);
    }

    /** What it did of one kind of operation. */
    public OperationReading operation(Operation operation) {
        return operations.getOrDefault(operation, OperationReading.NONE);
    }
}
