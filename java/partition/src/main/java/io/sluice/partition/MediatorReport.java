package io.sluice.partition;

import io.sluice.partition.table.PartitionTable;
import java.util.List;

/**
 * What a mediator knows at one moment.
 *
 * @param table as it was read last
 * @param sessions those that have not ended
 */
public record MediatorReport(PartitionTable table, List<Session> sessions) {
    public MediatorReport {
        sessions = List.copyOf(sessions);
    }

    /**
     * A session that has not ended.
     *
     * @param grant what it is on
     * @param fence why its window was taken away; empty when it was not
     */
    public record Session(Grant grant, String fence) {}
}
