package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.SessionOptions;
import java.io.IOException;

/** A device whose sessions record latencies, whoever opens them, so that {@code sluice top} can show them. */
record TimedDevice(BlockDevice device) implements BlockDevice {
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
        return device.open(options.latency(true));
    }

    @Override
    public void acknowledgeDataLoss() {
        device.acknowledgeDataLoss();
    }

    @Override
    public void close() throws IOException {
        device.close();
    }
}
