package io.sluice.partition.table;

import io.sluice.block.BlockIoException;

/** A table that is being changed in memory. Whatever is refused is refused before anything is written. */
sealed interface TableDraft permits GptDraft, MbrDraft {
    /** Largest number that a partition can have. */
    int mostNumber();

    /** Whether a number is taken. */
    boolean isUsed(int number);

    /**
     * Where a partition of a number may be.
     *
     * @param table that the draft is of
     */
    Room room(int number, PartitionTable table);

    /** Adds a partition, whose blocks are free and whose number is not taken. */
    void add(Partition partition) throws BlockIoException;

    /** Takes a partition out. */
    void remove(int number) throws BlockIoException;

    /** All that is to be taken out together is: see to it that it goes at once. */
    void removedAll() throws BlockIoException;

    /** Changes the number of blocks. */
    void resize(int number, long blockCount) throws BlockIoException;

    /** Changes the name. */
    void name(int number, String name) throws BlockIoException;

    /** Changes the type. */
    void type(int number, PartitionType type) throws BlockIoException;

    /** What is to be written. */
    WritePlan plan() throws BlockIoException;
}
