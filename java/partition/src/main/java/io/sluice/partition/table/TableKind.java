package io.sluice.partition.table;

/** The kinds of partition table. */
public enum TableKind {
    /** GUID partition table: UEFI specification 2.10, section 5.3. */
    GPT,
    /** Master boot record, with extended partitions: UEFI specification 2.10, section 5.2. */
    MBR,
    /** Root sector of Atari's hard-disk interface, as GEMDOS reads it. */
    AHDI,
    /** No table: the whole device is partition 0. */
    NONE
}
