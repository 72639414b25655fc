/**
 * Block devices and the sessions on them: what a storage engine programs against. {@link io.sluice.block.BlockDevice} opens a
 * {@link io.sluice.block.BlockSession}, which belongs to one thread and carries reads, writes, syncs and trims of whole blocks; {@link io.sluice.block.Jobs} on a session
 * carry any bytes, and a {@link io.sluice.block.SharedSession} takes jobs from any thread.
 * Drivers ({@code io.sluice.nvme}) implement it, and so do {@link io.sluice.block.RamDevice} and {@link io.sluice.block.FileDevice} here; everybody may call
 * it, and it calls nobody.
 */
@NullMarked
package io.sluice.block;

import org.jspecify.annotations.NullMarked;
