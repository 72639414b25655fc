package io.sluice.tester;

import io.sluice.block.Operation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a workload drives: slots, each with memory and at most one I/O in flight. Positions are bytes from the beginning of the workload's window. One
 * thread.
 */
interface Lane extends Closeable {
    /** Is told of each I/O that ended, within {@link #poll}. */
    interface Arrivals {
        void done(int slot);

        void failed(int slot, IOException reason);
    }

    /** How many I/Os can be in flight; slots are numbered from 0. */
    int slots();

    /** Memory of all slots, little-endian; not to be changed in position and limit. */
    ByteBuffer memory();

    /** Where a slot begins in the memory. */
    int offset(int slot);

    /** Submits an I/O that names whole blocks of the window. It may be carried out at once. */
    void submit(Operation operation, long position, int length, int slot) throws IOException;

    /** Makes what was submitted known to the device. */
    void commit();

    /** Reports what has ended; how many I/Os that were. Never waits. */
    int poll(Arrivals arrivals) throws IOException;

    /**
     * Waits a while for something to report; may return early. Asked only of workloads that do not {@linkplain Waiting#POLL poll}.
     *
     * @param ios how many I/Os are wanted together, where the device can count; at least 1
     */
    void await(int ios, long nanos) throws IOException;
}
