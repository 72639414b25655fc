package io.sluice.partition;

import io.sluice.partition.table.Partition;
import io.sluice.partition.table.PartitionTypes;
import java.util.UUID;

/** Which partition a policy is about: the closed choice. It has to be one; where several are like that, none is given. */
public sealed interface PartitionChoice {
    /** The partition of a number, as in {@link Partition#number}. */
    record ByNumber(int number) implements PartitionChoice {
        @Override
        public boolean matches(Partition partition) {
            return partition.number() == number;
        }

        @Override
        public String toString() {
            return "number " + number;
        }
    }

    /** The partition of a name (GPT). */
    record ByName(String name) implements PartitionChoice {
        @Override
        public boolean matches(Partition partition) {
            return partition.name().equals(name);
        }

        @Override
        public String toString() {
            return "name '" + name + "'";
        }
    }

    /**
     * The partition of a type, as {@link io.sluice.partition.table.PartitionType#code} writes it, or of its short name such as {@code linux} or {@code efi}; upper
     * and lower case are the same.
     */
    record ByType(String code) implements PartitionChoice {
        @Override
        public boolean matches(Partition partition) {
            return partition.type().code().equalsIgnoreCase(code)
                    || (!code.isEmpty() && PartitionTypes.name(partition.type()).equalsIgnoreCase(code));
        }

        @Override
        public String toString() {
            return "type " + code;
        }
    }

    /** The partition of a unique GUID (GPT). */
    record ByGuid(UUID guid) implements PartitionChoice {
        @Override
        public boolean matches(Partition partition) {
            return guid.equals(partition.guid());
        }

        @Override
        public String toString() {
            return "GUID " + guid;
        }
    }

    /** Whether a partition is meant. */
    boolean matches(Partition partition);
}
