package io.sluice.partition.table;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.SessionOptions;
import java.io.IOException;

/** Another device, whose blocks cannot be changed. */
record ReadOnlyDevice(BlockDevice device) implements BlockDevice {
    @Override
    public String name() {
        return device.name();
    }

    @Override
    public Geometry geometry() {
        return device.geometry().window(0, device.geometry().blockCount(), false);
    }

    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        return device.open(options.writeable(false));
    }

    @Override
    public void close() throws IOException {
        device.close();
    }
}
