package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.Geometry;
import io.sluice.partition.Multiplexer;
import io.sluice.partition.MultiplexerOptions;
import io.sluice.tester.Target;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The layers on a device, each made when it is wanted first, and closed together. The device is left open. One thread. */
final class Layers implements Closeable {
    private static final AtomicLong NAMES = new AtomicLong();
    private static final String LABEL = "bench";

    private final BlockDevice device;
    private final Map<BenchLayer, Target> targets = new EnumMap<>(BenchLayer.class);
    private final Deque<Closeable> owned = new ArrayDeque<>();
    private @Nullable Path disk;

    Layers(BlockDevice device) {
        this.device = device;
    }

    /** A layer of the device. */
    Target target(BenchLayer layer) throws IOException {
        Target target = targets.get(layer);
        if (target == null) {
            target = make(layer);
            targets.put(layer, target);
        }
        return target;
    }

    private Target make(BenchLayer layer) throws IOException {
        Geometry geometry = device.geometry();
        long bytes = geometry.blockCount() * geometry.blockBytes();
        return switch (layer) {
            case SESSION -> Target.session(device);
            case JOBS -> new Target.Jobs(device);
            case NIO -> {
                Path path = disk();
                yield new Target.Channel(
                        device.name(),
                        bytes,
                        geometry.blockBytes(),
                        writeable -> FileChannel.open(path, modes(writeable)));
            }
            case AIO -> {
                Path path = disk();
                yield new Target.AsynchronousChannel(
                        device.name(),
                        bytes,
                        geometry.blockBytes(),
                        writeable -> AsynchronousFileChannel.open(path, modes(writeable), ForkJoinPool.commonPool()));
            }
            case COPYING -> {
                Multiplexer multiplexer = Multiplexer.copying(device, MultiplexerOptions.defaults());
                owned.push(multiplexer);
                yield new Target.Session(multiplexer, layer.label());
            }
            case MEDIATED -> {
                HandedOut handedOut = HandedOut.mediated(device, 0);
                owned.push(handedOut);
                yield new Target.Session(handedOut.device(), layer.label());
            }
        };
    }

    private static Set<OpenOption> modes(boolean writeable) {
        return writeable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ);
    }

    private Path disk() throws IOException {
        if (disk == null) {
            FileSystem files = FileSystems.newFileSystem(
                    URI.create("sluice:" + LABEL + NAMES.incrementAndGet()),
                    Map.of("device", device, "writeable", device.geometry().writeable() ? "yes" : "no"));
            owned.push(files);
            disk = files.getPath("/disk");
        }
        return disk;
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
