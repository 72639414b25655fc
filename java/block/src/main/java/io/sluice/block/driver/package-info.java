/**
 * What implementations of {@link io.sluice.block.BlockSession} have in common: the facts of each operation in flight, the barrier that
 * holds syncs back, the counters, and how a session is taken away from its owner. Drivers ({@code io.sluice.nvme}, {@code io.sluice.uring}) call it; programs have no use for it.
 */
@NullMarked
package io.sluice.block.driver;

import org.jspecify.annotations.NullMarked;
