/**
 * Partition tables on a device: GPT, MBR with its chains of logical partitions, AHDI, or none. {@link io.sluice.partition.table.PartitionTable} reads
 * one over a session and says what is wrong with it. It knows {@code io.sluice.block} alone; the mediator and the {@code sluice} command call it.
 */
@NullMarked
package io.sluice.partition.table;

import org.jspecify.annotations.NullMarked;
