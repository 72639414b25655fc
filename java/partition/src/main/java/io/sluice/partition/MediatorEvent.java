package io.sluice.partition;

import io.sluice.partition.table.PartitionTable;

/** Something that a mediator did, or saw. */
public sealed interface MediatorEvent {
    /** A partition table was read. */
    record TableRead(PartitionTable table) implements MediatorEvent {}

    /** Somebody got a session. */
    record Opened(Grant grant) implements MediatorEvent {}

    /** Somebody got none. */
    record Denied(String label, String reason) implements MediatorEvent {}

    /** Somebody's window was taken away. The grant's blocks are free when the session has ended. */
    record Fenced(Grant grant, String reason) implements MediatorEvent {}

    /** A session has ended; nothing of it reaches the device any more. */
    record Ended(Grant grant) implements MediatorEvent {}
}
