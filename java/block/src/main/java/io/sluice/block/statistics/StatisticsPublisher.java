package io.sluice.block.statistics;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the sessions of this process did into a file of a {@link StatisticsDirectory}, four times a second, for {@code sluice top} and others to
 * read. It does so on a thread of its own, which reads what the sessions count anyway: whoever does I/O notices nothing. The file goes when this is closed or the
 * JVM ends in order; one that a killed process left is removed by whoever finds it next.
 *
 * <p>One for a process and directory is enough. Any thread may close it.
 */
public final class StatisticsPublisher implements Closeable {
    private static final long INTERVAL_MILLIS = 250;

    private final StatisticsDirectory directory;
    private final String command;
    private final Consumer<IOException> failed;
    private final Thread thread;
    private final Thread atExit = new Thread(this::removeFile, "sluice statistics at exit");
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Path file;

    private StatisticsPublisher(StatisticsDirectory directory, String command, Consumer<IOException> failed) {
        this.directory = directory;
        this.command = command;
        this.failed = failed;
        this.thread = new Thread(this::run, "sluice statistics");
        thread.setDaemon(true);
    }

    /**
     * Begins to publish.
     *
     * @param command what this process runs, for people
     * @param failed is told, on another thread, why nothing is published any more, if it comes to that
     */
    public static StatisticsPublisher start(
            StatisticsDirectory directory, String command, Consumer<IOException> failed) {
        StatisticsPublisher publisher = new StatisticsPublisher(directory, command, failed);
        publisher.thread.start();
        return publisher;
    }

    private void run() {
        try {
            // Whatever ends at once is of no interest, and need not pay for more than this thread.
            if (!closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                publish();
            }
        } catch (InterruptedException nobodyDoesThat) {
            failed.accept(new InterruptedIOException("the thread that publishes statistics was interrupted"));
        } catch (IOException failure) {
            failed.accept(failure);
        }
    }

    private void publish() throws IOException, InterruptedException {
        ProcessIdentity process = ProcessIdentity.current();
        Path created = directory.create(process);
        try (FileChannel channel = FileChannel.open(created, StandardOpenOption.WRITE)) {
            file = created;
            Runtime.getRuntime().addShutdownHook(atExit);
            do {
                write(channel, process);
            } while (!closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
        } catch (IllegalStateException jvmEnds) {
            // There is nobody left to publish for.
        } finally {
            removeFile();
        }
    }

    private void write(FileChannel channel, ProcessIdentity process) throws IOException {
        List<SessionReading> sessions =
                OpenSessions.now().stream().map(SessionReading::of).toList();
        ByteBuffer bytes = StatisticsFormat.encode(
                new ProcessStatistics(process, command, System.nanoTime(), System.currentTimeMillis(), sessions));
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }

    private void removeFile() {
        Path created = file;
        if (created != null) {
            try {
                Files.deleteIfExists(created);
            } catch (IOException failure) {
                failed.accept(failure);
            }
        }
    }

    /** Ends it, and removes the file. Idempotent. */
    @Override
    public void close() {
        closed.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        try {
            boolean ignored = Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException jvmEnds) {
            // It removes the file once more, which does no harm.
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
