package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks to be written, in stages: the next one begins when all of the one before is durable. Within a stage the device may keep any part of what was
 * written when power fails, so each stage by itself must leave a table that can be read.
 */
final class WritePlan {
    private record Write(long block, ByteBuffer data) {}

    private final List<List<Write>> stages = new ArrayList<>();

    /** Begins a stage. */
    WritePlan stage() {
        stages.add(new ArrayList<>());
        return this;
    }

    /** Adds blocks to the stage. */
    WritePlan write(long block, ByteBuffer data) {
        stages.get(stages.size() - 1).add(new Write(block, data));
        return this;
    }

    /**
     * Writes everything, then reads it again.
     *
     * @throws IOException when an operation fails; what is on the device then is the table from before or the new one
     */
    void perform(Blocks blocks) throws IOException {
        for (List<Write> stage : stages) {
            for (Write write : stage) {
                blocks.write(write.block(), write.data());
            }
            if (!stage.isEmpty()) {
                blocks.sync();
            }
        }
        for (List<Write> stage : stages) {
            for (Write write : stage) {
                verify(blocks, write);
            }
        }
    }

    private static void verify(Blocks blocks, Write write) throws IOException {
        int count = write.data().remaining() / blocks.blockBytes();
        if (!blocks.read(write.block(), count).equals(write.data())) {
            throw new IOException(blocks.device() + ": blocks " + write.block() + " to " + (write.block() + count - 1)
                    + " do not read as they were written, though the device reported no error; it cannot be relied on");
        }
    }
}
