package io.sluice.block.management;

import io.sluice.block.LatencyHistogram;
import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import io.sluice.block.statistics.OpenSession;
import java.util.Map;
import java.util.TreeMap;

/** A session for JMX. */
final class SessionView implements SessionMXBean {
    private final OpenSession session;

    SessionView(OpenSession session) {
        this.session = session;
    }

    @Override
    public long getNumber() {
        return session.id();
    }

    @Override
    public String getDevice() {
        return session.device();
    }

    @Override
    public String getLabel() {
        return session.label();
    }

    @Override
    public long getFirstBlock() {
        return session.firstBlock();
    }

    @Override
    public long getBlockCount() {
        return session.blockCount();
    }

    @Override
    public int getBlockBytes() {
        return session.blockBytes();
    }

    @Override
    public boolean isWriteable() {
        return session.writeable();
    }

    @Override
    public int getQueueDepth() {
        return session.queueDepth();
    }

    @Override
    public int getInFlight() {
        return session.inFlight();
    }

    @Override
    public long getReads() {
        return session.statistics().reads();
    }

    @Override
    public long getWrites() {
        return session.statistics().writes();
    }

    @Override
    public long getSyncs() {
        return session.statistics().syncs();
    }

    @Override
    public long getBytesRead() {
        return session.statistics().blocksRead() * session.blockBytes();
    }

    @Override
    public long getBytesWritten() {
        return session.statistics().blocksWritten() * session.blockBytes();
    }

    @Override
    public long getFailures() {
        return session.statistics().failures();
    }

    @Override
    public long getCommits() {
        return session.statistics().commits();
    }

    @Override
    public long getStrays() {
        return session.statistics().strays();
    }

    @Override
    public Map<String, LatencySummary> getLatencies() {
        LatencyStatistics latency = session.latency();
        Map<String, LatencySummary> summaries = new TreeMap<>();
        for (Operation operation : Operation.values()) {
            LatencyHistogram histogram = latency.of(operation);
            if (histogram.count() > 0) {
                summaries.put(operation.name(), LatencySummary.of(histogram));
            }
        }
        return summaries;
    }
}
