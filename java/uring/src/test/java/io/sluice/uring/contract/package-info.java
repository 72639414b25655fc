/**
 * What every session over io_uring owes, whatever it stands on: files here, real nodes in the lab's guest. Extend {@link
 * io.sluice.uring.contract.SessionContract} and {@link io.sluice.uring.contract.RandomContract} and say what to open.
 */
@NullMarked
package io.sluice.uring.contract;

import org.jspecify.annotations.NullMarked;
