package io.sluice.tester;

import io.sluice.block.BlockDevice;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Where a workload runs: a device and the layer on top of it that is driven. The closed choice of layers. */
public sealed interface Target {
    /** Name of the device, in messages and results. */
    String name();

    /**
     * A session of the device and nothing above it. Where the device itself is a layer, such as a partition that is mediated, the label says so.
     *
     * @param label name of the layer in results
     */
    record Session(BlockDevice device, String label) implements Target {
        public Session {
            Objects.requireNonNull(device, "device");
        }

        @Override
        public String name() {
            return device.name();
        }
    }

    /** {@link io.sluice.block.Jobs} over a session of the device. */
    record Jobs(BlockDevice device) implements Target {
        public Jobs {
            Objects.requireNonNull(device, "device");
        }

        @Override
        public String name() {
            return device.name();
        }

        @Override
        public String label() {
            return "jobs";
        }
    }

    /**
     * A {@link FileChannel}, which each workload opens for itself: reads and writes that return when they are done.
     *
     * @param sizeBytes bytes that are there
     * @param blockBytes positions and lengths are multiples of it
     */
    record Channel(String name, long sizeBytes, int blockBytes, Opening<FileChannel> opening) implements Target {
        @Override
        public String label() {
            return "nio";
        }
    }

    /**
     * An {@link AsynchronousFileChannel}, which each workload opens for itself.
     *
     * @param sizeBytes bytes that are there
     * @param blockBytes positions and lengths are multiples of it
     */
    record AsynchronousChannel(String name, long sizeBytes, int blockBytes, Opening<AsynchronousFileChannel> opening)
            implements Target {
        @Override
        public String label() {
            return "aio";
        }
    }

    /** Opens a channel. */
    interface Opening<C> {
        /** Opens one, for writing too where that is asked for. */
        C open(boolean writeable) throws IOException;
    }

    /** Name of the layer in results. */
    String label();

    /** A bare session of the device. */
    static Target session(BlockDevice device) {
        return new Session(device, "session");
    }
}
