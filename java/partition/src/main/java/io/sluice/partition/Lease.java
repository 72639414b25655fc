package io.sluice.partition;

import io.sluice.block.LimitedSession;
import io.sluice.block.driver.LeasedSession;
import io.sluice.partition.table.Partition;
import io.sluice.partition.table.PartitionTable;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A grant, and the session on it. Its fence is changed under the mediator's monitor alone. */
final class Lease {
    private final Grant grant;
    private final LeasedSession session;
    /** What sets the session's share of a queue; nothing where it has one of its own. */
    private final IntConsumer weight;

    private volatile String fence = "";

    Lease(Grant grant, LeasedSession session, IntConsumer weight) {
        this.grant = grant;
        this.session = session;
        this.weight = weight;
    }

    Grant grant() {
        return grant;
    }

    LeasedSession session() {
        return session;
    }

    String fence() {
        return fence;
    }

    boolean isFenced() {
        return !fence.isEmpty();
    }

    void fence(String reason) {
        fence = reason;
        session.fence(reason);
    }

    /** Puts weight and limits of a policy that was read again into force; where the session was opened without limits, they count from the next session on. */
    void follow(Policy policy) {
        weight.accept(policy.weight());
        if (session instanceof LimitedSession limited && !limited.limits().equals(policy.limits())) {
            limited.limits(policy.limits());
        }
    }

    /** Why the window is not good any more under another table; null when it is. */
    @Nullable
    String lostUnder(PartitionTable table) {
        Partition was = grant.partition();
        Partition is = find(table);
        if (is == null) {
            return describe(was) + " is not in the partition table any more";
        }
        if (is.firstBlock() != was.firstBlock() || !is.extent().contains(grant.window())) {
            return describe(was) + " changed its place: it had " + was.blockCount() + " blocks at " + was.firstBlock()
                    + " and has " + is.blockCount() + " at " + is.firstBlock() + " now";
        }
        return null;
    }

    /** The same partition in another table: of the same GUID, or else of the same number. */
    private @Nullable Partition find(PartitionTable table) {
        Partition was = grant.partition();
        Partition found = null;
        for (Partition partition : table.partitions()) {
            boolean same = was.guid() == null
                    ? partition.number() == was.number() && partition.guid() == null
                    : was.guid().equals(partition.guid());
            // Where two have the same GUID, the one in the same place is meant.
            if (same && (found == null || partition.firstBlock() == was.firstBlock())) {
                found = partition;
            }
        }
        return found;
    }

    static String describe(Partition partition) {
        return "partition " + partition.number() + (partition.name().isEmpty() ? "" : " '" + partition.name() + "'");
    }
}
