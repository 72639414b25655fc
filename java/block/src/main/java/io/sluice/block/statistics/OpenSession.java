package io.sluice.block.statistics;

import io.sluice.block.BlockSession;
import io.sluice.block.LatencyStatistics;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import io.sluice.block.driver.Counters;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What anybody may see of a session while it is open. Any thread; every number is for itself, possibly a moment old. It does not keep alive a session that
 * nobody else has any more.
 */
public final class OpenSession {
    private static final AtomicLong LAST_ID = new AtomicLong();

    private final long id = LAST_ID.incrementAndGet();
    private final String device;
    private final String label;
    private final long firstBlock;
    private final long blockCount;
    private final int blockBytes;
    private final boolean writeable;
    private final int queueDepth;
    private final Counters counters;
    private final WeakReference<BlockSession> session;

    OpenSession(
            BlockSession session,
            String device,
            SessionOptions window,
            Counters counters,
            ReferenceQueue<BlockSession> unreachable) {
        this.device = device;
        this.label = window.label();
        this.firstBlock = window.firstBlock();
        this.blockCount = session.geometry().blockCount();
        this.blockBytes = session.geometry().blockBytes();
        this.writeable = session.geometry().writeable();
        this.queueDepth = session.queueDepth();
        this.counters = counters;
        this.session = new WeakReference<>(session, unreachable);
    }

    /** A number that no other session of this process has or had, from 1. */
    public long id() {
        return id;
    }

    /** The name of the device, as in messages. */
    public String device() {
        return device;
    }

    /** Who it is for: {@link SessionOptions#label}. */
    public String label() {
        return label;
    }

    /** The first block of the window on the device. */
    public long firstBlock() {
        return firstBlock;
    }

    /** Blocks of the window. */
    public long blockCount() {
        return blockCount;
    }

    /** Bytes of a block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Whether it may change blocks. */
    public boolean writeable() {
        return writeable;
    }

    /** How many operations can be in flight. */
    public int queueDepth() {
        return queueDepth;
    }

    /** How many operations are in flight: an estimate. */
    public int inFlight() {
        BlockSession there = session.get();
        return there == null ? 0 : Math.max(0, Math.min(there.inFlight(), queueDepth));
    }

    /** How many operations of a kind were done. */
    public long done(Operation operation) {
        return counters.done(operation);
    }

    /** How many blocks they were about. */
    public long blocks(Operation operation) {
        return counters.blocks(operation);
    }

    /** The counters of the session. */
    public SessionStatistics statistics() {
        BlockSession there = session.get();
        return there == null ? counters.read(0) : there.statistics();
    }

    /** How long operations took; see {@link BlockSession#latency}. */
    public LatencyStatistics latency() {
        BlockSession there = session.get();
        return there == null ? LatencyStatistics.none() : there.latency();
    }

    /** The session has ended: nobody finds it in {@link OpenSessions} any more. Idempotent. */
    public void ended() {
        OpenSessions.remove(this);
    }

    boolean isOf(@Nullable Object reference) {
        return session == reference;
    }

    @Override
    public String toString() {
        return "session " + id + " of " + device + (label.isEmpty() ? "" : " for " + label);
    }
}
