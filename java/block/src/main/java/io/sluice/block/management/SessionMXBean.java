package io.sluice.block.management;

import java.util.Map;

/** A session that is open, as JMX shows it. Every number is for itself, possibly a moment old; since the session was opened, where nothing else is said. */
public interface SessionMXBean {
    /** Which session of this process, from 1. */
    long getNumber();

    /** The name of its device. */
    String getDevice();

    /** Who it is for; empty when nobody said so. */
    String getLabel();

    /** The first block of its window on the device. */
    long getFirstBlock();

    /** Blocks of its window. */
    long getBlockCount();

    /** Bytes of a block. */
    int getBlockBytes();

    /** Whether it may change blocks. */
    boolean isWriteable();

    /** How many operations can be in flight. */
    int getQueueDepth();

    /** How many operations are in flight. */
    int getInFlight();

    /** Operations that read. */
    long getReads();

    /** Operations that changed blocks. */
    long getWrites();

    /** Syncs. */
    long getSyncs();

    /** Bytes read. */
    long getBytesRead();

    /** Bytes written, trimmed and zeroed ones included. */
    long getBytesWritten();

    /** Operations that failed. */
    long getFailures();

    /** How often the device was told of operations. */
    long getCommits();

    /** Completions that belonged to no operation in flight. */
    long getStrays();

    /** How long operations took, by {@link io.sluice.block.Operation}; kinds that were not done are missing, all of them unless latencies are recorded. */
    Map<String, LatencySummary> getLatencies();
}
