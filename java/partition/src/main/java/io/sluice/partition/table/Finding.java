package io.sluice.partition.table;

/**
 * Something that is not as it should be in a table that can be used nevertheless.
 *
 * @param problem what kind of thing
 * @param text what was found where, in a sentence without a full stop
 */
public record Finding(Problem problem, String text) {
    /** Kinds of findings. */
    public enum Problem {
        /** The first copy of a GPT is damaged; the table is that of the backup. */
        PRIMARY_DAMAGED(true),
        /** The backup of a GPT is damaged or not there; the table is the first copy. */
        BACKUP_DAMAGED(true),
        /** Both copies of a GPT are sound and differ; the table is the first copy. */
        COPIES_DIFFER(true),
        /** The backup of a GPT is not in the last block: the device grew since it was written. */
        DEVICE_GREW(false),
        /** A GPT was written for a larger device. */
        DEVICE_SHRANK(true),
        /** A GPT has no protective MBR: a program that knows MBR alone may take the device for empty. */
        PROTECTIVE_MBR_MISSING(false),
        /** The protective MBR covers less or more than the device. */
        PROTECTIVE_MBR_SIZE(false),
        /** The protective MBR also has partitions, each of them one of the GPT too. */
        HYBRID_MBR(false),
        /** A backup GPT is left over on a device that has another table, or none, since. */
        STALE_GPT(false),
        /** An entry makes no sense or shares blocks with another; it is not among the partitions. */
        PARTITION_REFUSED(true),
        /** Two partitions have the same unique GUID, or one has none. */
        GUID_NOT_UNIQUE(false),
        /** A name is not UTF-16 or has control characters; what cannot be shown is replaced. */
        NAME_MALFORMED(false),
        /** A chain of logical partitions loops or leaves the extended partition; what follows is not among the partitions. */
        CHAIN_BROKEN(true);

        private final boolean damage;

        Problem(boolean damage) {
            this.damage = damage;
        }

        /** Whether something of the table is lost or in danger, and not merely odd. */
        public boolean isDamage() {
            return damage;
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
