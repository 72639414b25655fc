package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.SessionOptions;
import java.io.Closeable;
import java.io.IOException;

/** A device together with what was opened to reach it. */
record OwnedDevice(BlockDevice device, Closeable owner) implements BlockDevice {
    @Override
    public String name() {
        return device.name();
    }

    @Override
    public Geometry geometry() {
        return device.geometry();
    }

    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        return device.open(options);
    }

    @Override
    public void acknowledgeDataLoss() {
        device.acknowledgeDataLoss();
    }

    @Override
    public void close() throws IOException {
        try (owner) {
            device.close();
        }
    }
}
