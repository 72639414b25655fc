package io.sluice.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory for a record of a file: off the heap, so that the JVM copies nothing, and on a page, as O_DIRECT wants it. */
final class RecordMemory {
    static final int ALIGNMENT = 4096;

    private RecordMemory() {}

    static ByteBuffer allocate(long bytes) throws DdException {
        try {
            ByteBuffer memory = ByteBuffer.allocateDirect(Math.toIntExact(bytes + ALIGNMENT));
            int past = memory.alignmentOffset(0, ALIGNMENT);
            return memory.slice(past == 0 ? 0 : ALIGNMENT - past, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        } catch (OutOfMemoryError | ArithmeticException e) {
            // dd's words.
            throw new DdException(
                    "memory exhausted by input buffer of size " + bytes + " bytes (" + HumanSize.binary(bytes) + ")",
                    e);
        }
    }
}
