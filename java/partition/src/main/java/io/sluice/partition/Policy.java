package io.sluice.partition;

import io.sluice.block.Limits;
import io.sluice.block.Priority;
import java.util.Objects;

/**
 * Who gets which partition, and how. Immutable; the methods return changed copies of what {@link #of} begins with: read-only, exclusive, one session, no
 * limits, weight 1, medium priority.
 *
 * @param name of the policy itself, in messages
 * @param label who it is for
 * @param partition what they get
 * @param writeable whether they may change it
 * @param shared whether others of whom the same is true may read beside them; only what is read-only can be shared. Otherwise one label at a time has the
 *     partition
 * @param sessions how many sessions a label may have at once, 1 to 65535
 * @param limits of each session
 * @param weight of each session where several share a queue of the device, 1 to {@link Multiplexer#MOST_WEIGHT}
 * @param priority of each session that has a queue of its own, where the device weighs its queues; whatever the client wishes
 */
public record Policy(
        String name,
        LabelPattern label,
        PartitionChoice partition,
        boolean writeable,
        boolean shared,
        int sessions,
        Limits limits,
        int weight,
        Priority priority) {
    private static final int MOST_SESSIONS = 65535;

    public Policy {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(partition, "partition");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(priority, "priority");
        if (writeable && shared) {
            throw new IllegalArgumentException(
                    "policy '" + name + "': only what is read-only can be shared; it has one writer at most");
        }
        if (sessions < 1 || sessions > MOST_SESSIONS) {
            throw new IllegalArgumentException(
                    "policy '" + name + "': " + sessions + " sessions: expected 1 to " + MOST_SESSIONS);
        }
        if (weight < 1 || weight > Multiplexer.MOST_WEIGHT) {
            throw new IllegalArgumentException(
                    "policy '" + name + "': weight " + weight + ": expected 1 to " + Multiplexer.MOST_WEIGHT);
        }
    }

    /** The least there is to grant. */
    public static Policy of(String name, LabelPattern label, PartitionChoice partition) {
        return new Policy(name, label, partition, false, false, 1, Limits.none(), 1, Priority.MEDIUM);
    }

    /** Whether they may change the partition. */
    public Policy writeable(boolean value) {
        return new Policy(name, label, partition, value, shared, sessions, limits, weight, priority);
    }

    /** Whether others may read beside them. */
    public Policy shared(boolean value) {
        return new Policy(name, label, partition, writeable, value, sessions, limits, weight, priority);
    }

    /** How many sessions a label may have at once. */
    public Policy sessions(int value) {
        return new Policy(name, label, partition, writeable, shared, value, limits, weight, priority);
    }

    /** How fast each session may be. */
    public Policy limits(Limits value) {
        return new Policy(name, label, partition, writeable, shared, sessions, value, weight, priority);
    }

    /** The weight of each session on a shared queue. */
    public Policy weight(int value) {
        return new Policy(name, label, partition, writeable, shared, sessions, limits, value, priority);
    }

    /** The priority of each session among the device's queues. */
    public Policy priority(Priority value) {
        return new Policy(name, label, partition, writeable, shared, sessions, limits, weight, value);
    }
}
