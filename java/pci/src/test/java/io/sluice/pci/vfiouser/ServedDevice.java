package io.sluice.pci.vfiouser;

import io.sluice.linux.PeerCredentials;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link CopyDevice} that a thread serves at a path of its own. */
final class ServedDevice implements Closeable {
    /** How long a client may stall before it is sent away. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private static final long LONG_ENOUGH_SECONDS = 30;

    private final Path directory;
    private final Thread thread;
    private final BlockingQueue<String> departures = new LinkedBlockingQueue<>();
    private volatile @Nullable IOException failure;
    /** What its clients were refused. */
    final Queue<String> refusals = new ConcurrentLinkedQueue<>();

    final CopyDevice device;
    final VfioUserServer server;
    final Path path;

    ServedDevice() throws IOException {
        directory = Files.createTempDirectory("sluice-served");
        path = directory.resolve("socket");
        device = new CopyDevice();
        server = VfioUserServer.at(
                path,
                device,
                new VfioUserServer.Watcher() {
                    @Override
                    public void connected(PeerCredentials client) {
                        if (client.process() != ProcessHandle.current().pid()) {
                            failure = new IOException("the client's process is said to be " + client.process());
                        }
                    }

                    @Override
                    public void refused(String why) {
                        refusals.add(why);
                    }

                    @Override
                    public void disconnected(String why) {
                        departures.add(why);
                    }
                },
                PATIENCE);
        thread = new Thread(
                () -> {
                    try {
                        server.serve();
                    } catch (IOException broken) {
                        failure = broken;
                    }
                },
                "served device");
        thread.start();
    }

    /** A function of the device, opened by a client in this process. */
    VfioUserFunction open() throws IOException {
        return VfioUserFunction.open(path, VfioUserOptions.defaults());
    }

    /** Waits until the next client is gone, and says why. */
    String departure() throws InterruptedException {
        String why = departures.poll(LONG_ENOUGH_SECONDS, TimeUnit.SECONDS);
        if (why == null) {
            throw new AssertionError("no client left");
        }
        return why;
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        device.close();
        Files.delete(directory);
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
    }
}
