package io.sluice.vfs;

import io.sluice.block.BlockDevice;
import java.io.IOException;
import java.util.List;

/** Reads the table of a device. */
final class Slices {
    private Slices() {}

    static List<Slice> read(BlockDevice device) throws IOException {
        return List.of();
    }
}
