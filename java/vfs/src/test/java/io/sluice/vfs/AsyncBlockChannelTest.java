package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.HeldDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AsyncBlockChannelTest {
    private static final int SIZE = 1 << 20;

    /** What a handler was told, and on which thread. */
    private record Told(Object result, String attachment, Thread thread) {}

    private static final class Handler implements CompletionHandler<Integer, String> {
        private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

        @Override
        public void completed(Integer result, String attachment) {
            told.add(new Told(result, attachment, Thread.currentThread()));
        }

        @Override
        public void failed(Throwable failure, String attachment) {
            told.add(new Told(failure, attachment, Thread.currentThread()));
        }

        Told next() throws InterruptedException {
            Told next = told.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("the handler was told in time").isNotNull();
            return next;
        }
    }

    @Test
    void futuresTellOfReadsAndWrites() throws Exception {
        try (Disk disk = Disk.small();
                AsynchronousFileChannel channel = disk.openAsync()) {
            ByteBuffer pattern = Disk.pattern(5000, 1);
            assertThat(channel.write(pattern, 777).get()).isEqualTo(5000);
            assertThat(pattern.hasRemaining()).isFalse();
            ByteBuffer into = ByteBuffer.allocateDirect(5000);
            assertThat(channel.read(into, 777).get()).isEqualTo(5000);
            assertThat(into.flip()).isEqualTo(pattern.flip());
            assertThat(channel.read(into.clear(), SIZE - 10).get()).isEqualTo(10);
            assertThat(channel.read(into.clear(), SIZE).get()).isEqualTo(-1);
            assertThat(channel.read(ByteBuffer.allocate(0), 0).get()).isZero();
            assertThat(channel.size()).isEqualTo(SIZE);
            channel.force(true);
            assertThatThrownBy(() -> channel.write(Disk.pattern(2, 1), SIZE - 1).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> channel.truncate(5)).isInstanceOf(FileSystemException.class);
        }
    }

    @Test
    void handlersAreToldOnAThreadThatIsNotTheCallers() throws Exception {
        try (Disk disk = Disk.small();
                AsynchronousFileChannel channel = disk.openAsync()) {
            Handler handler = new Handler();
            channel.read(ByteBuffer.allocate(100), 5, "a", handler);
            Told told = handler.next();
            assertThat(told.result()).isEqualTo(100);
            assertThat(told.attachment()).isEqualTo("a");
            channel.read(ByteBuffer.allocate(100), SIZE, null, handler);
            assertThat(handler.next()).isEqualTo(new Told(-1, null, told.thread()));
            assertThat(told.thread()).isNotEqualTo(Thread.currentThread());
        }
    }

    @Test
    void handlersRunOnTheExecutorThatWasGiven() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "the group"));
        try (Disk disk = Disk.small();
                AsynchronousFileChannel channel =
                        AsynchronousFileChannel.open(disk.all(), Set.of(StandardOpenOption.READ), executor)) {
            Handler handler = new Handler();
            channel.read(ByteBuffer.allocate(100), 5, "a", handler);
            assertThat(handler.next().thread().getName()).isEqualTo("the group");
            channel.read(ByteBuffer.allocate(100), SIZE + 5, "b", handler);
            assertThat(handler.next().thread().getName()).isEqualTo("the group");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    @SuppressWarnings("try") // Closing it early is what is tested.
    void aHandlerMaySubmitMoreAndUseTheFileInEveryOtherWay() throws Exception {
        try (Disk disk = Disk.small();
                FileChannel blocking = disk.open();
                AsynchronousFileChannel channel = disk.openAsync()) {
            CompletableFuture<Integer> end = new CompletableFuture<>();
            channel.write(Disk.pattern(1000, 1), 0, 0, new CompletionHandler<Integer, Integer>() {
                @Override
                public void completed(Integer result, Integer round) {
                    try {
                        blocking.read(ByteBuffer.allocate(600), 300);
                        blocking.force(false);
                        if (round == 100) {
                            channel.close();
                            end.complete(round);
                        } else {
                            channel.write(Disk.pattern(1000, round), round, round + 1, this);
                        }
                    } catch (IOException failure) {
                        end.completeExceptionally(failure);
                    }
                }

                @Override
                public void failed(Throwable failure, Integer round) {
                    end.completeExceptionally(failure);
                }
            });
            assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(100);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void aHandlerThatThrowsTakesNobodyWithIt() throws Exception {
        try (Disk disk = Disk.small();
                AsynchronousFileChannel channel = disk.openAsync()) {
            BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
            channel.read(ByteBuffer.allocate(1), 0, null, new CompletionHandler<Integer, Object>() {
                @Override
                public void completed(Integer result, Object attachment) {
                    Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> thrown.add(failure));
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public void failed(Throwable failure, Object attachment) {
                    thrown.add(failure);
                }
            });
            assertThat(thrown.poll(30, TimeUnit.SECONDS)).hasMessage("on purpose");
            assertThat(channel.read(ByteBuffer.allocate(7), 0).get()).isEqualTo(7);
        }
    }

    @Test
    void everyRequestOfABatchIsToldOfOnItsOwn() throws Exception {
        try (Disk disk = Disk.small();
                AsynchronousFileChannel opened = disk.openAsync()) {
            AsyncBlockChannel channel = (AsyncBlockChannel) opened;
            List<AsyncBlockChannel.Transfer> writes = new ArrayList<>();
            List<AsyncBlockChannel.Transfer> reads = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                writes.add(new AsyncBlockChannel.Transfer.Write(Disk.pattern(700, i), i * 700L));
                reads.add(new AsyncBlockChannel.Transfer.Read(ByteBuffer.allocate(700), i * 700L));
            }
            for (CompletableFuture<Integer> write : channel.submitAll(writes)) {
                assertThat(write.get()).isEqualTo(700);
            }
            assertThat(CompletableFuture.anyOf(channel.submitAll(reads).toArray(new CompletableFuture<?>[0]))
                            .get())
                    .isEqualTo(700);
            reads.add(new AsyncBlockChannel.Transfer.Read(ByteBuffer.allocate(700), SIZE));
            List<CompletableFuture<Integer>> again = channel.submitAll(reads.subList(100, 101));
            assertThat(again.get(0).get()).isEqualTo(-1);
        }
    }

    @Test
    void asManyAsAllowedAreInFlightAndTheRestWaitsForNobodyElse() throws Exception {
        HeldDevice held = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(held, "in_flight", 4, "queue_depth", 8);
                AsynchronousFileChannel channel = disk.openAsync()) {
            Handler handler = new Handler();
            for (int i = 0; i < 10; i++) {
                channel.read(ByteBuffer.allocate(512), i * 512L, "read " + i, handler);
            }
            // The calls have returned, and what may be in flight is.
            while (held.submitted() < 4) {
                Thread.onSpinWait();
            }
            assertThat(handler.told).isEmpty();
            held.allow(1);
            assertThat(handler.next().attachment()).isEqualTo("read 0");
            while (held.submitted() < 5) {
                Thread.onSpinWait();
            }
            held.allow(100);
            for (int i = 1; i < 10; i++) {
                assertThat(handler.next().result()).isEqualTo(512);
            }
            assertThat(held.submitted()).isEqualTo(10);
        }
    }

    @Test
    void aFutureThatIsCancelledSaysSoAndTheChannelGoesOn() throws Exception {
        HeldDevice held = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(held, "in_flight", 2);
                AsynchronousFileChannel channel = disk.openAsync()) {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                reads.add(channel.read(ByteBuffer.allocate(512), i * 512L));
            }
            assertThat(reads.get(4).cancel(true)).isTrue();
            assertThat(reads.get(4).isDone()).isTrue();
            assertThatThrownBy(() -> reads.get(4).get()).isInstanceOf(CancellationException.class);
            held.allow(100);
            for (int i = 0; i < 4; i++) {
                assertThat(reads.get(i).get()).isEqualTo(512);
            }
            assertThat(reads.get(0).cancel(true)).isFalse();
            assertThat(channel.read(ByteBuffer.allocate(512), 0).get()).isEqualTo(512);
            assertThat(held.submitted()).isEqualTo(5);
        }
    }

    @Test
    void closingTellsOfWhatIsNotBegunAndWaitsForTheRest() throws Exception {
        HeldDevice held = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(held, "in_flight", 2)) {
            AsynchronousFileChannel channel = disk.openAsync();
            Handler handler = new Handler();
            for (int i = 0; i < 6; i++) {
                channel.read(ByteBuffer.allocate(512), i * 512L, "read " + i, handler);
            }
            Thread closer = new Thread(() -> {
                try {
                    channel.close();
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            });
            closer.start();
            for (int i = 0; i < 4; i++) {
                assertThat(handler.next().result()).isInstanceOf(AsynchronousCloseException.class);
            }
            assertThat(closer.isAlive()).isTrue();
            held.allow(100);
            closer.join();
            // Those that the device had were done.
            assertThat(handler.next().result()).isEqualTo(512);
            assertThat(handler.next().result()).isEqualTo(512);
            channel.read(ByteBuffer.allocate(512), 0, "late", handler);
            assertThat(handler.next().result()).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0).get())
                    .hasCauseInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.force(true)).isInstanceOf(ClosedChannelException.class);
            channel.close();
        }
    }

    @Test
    void locksAndModesAreThoseOfAnyFile() throws Exception {
        try (Disk disk = Disk.small();
                AsynchronousFileChannel channel = disk.openAsync();
                AsynchronousFileChannel reader = AsynchronousFileChannel.open(disk.all());
                AsynchronousFileChannel writer = AsynchronousFileChannel.open(disk.all(), StandardOpenOption.WRITE)) {
            FileLock lock = channel.lock().get();
            assertThat(lock.acquiredBy()).isSameAs(channel);
            assertThatThrownBy(() -> reader.tryLock(0, 1, true)).isInstanceOf(OverlappingFileLockException.class);
            lock.release();
            BlockingQueue<Object> told = new LinkedBlockingQueue<>();
            reader.lock(0, 1, true, "mine", new CompletionHandler<FileLock, String>() {
                @Override
                public void completed(FileLock result, String attachment) {
                    told.add(result);
                }

                @Override
                public void failed(Throwable failure, String attachment) {
                    told.add(failure);
                }
            });
            assertThat(told.poll(30, TimeUnit.SECONDS)).isInstanceOf(FileLock.class);
            assertThatThrownBy(() -> reader.lock()).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reader.write(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> writer.read(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1), -1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1).asReadOnlyBuffer(), 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Runs what it is given at once, on the thread that gives it; or fails, when it was told to. */
    private static final class DirectExecutor extends AbstractExecutorService {
        private volatile boolean fails;

        @Override
        public void execute(Runnable task) {
            if (fails) {
                throw new OutOfMemoryError("no thread, on purpose");
            }
            task.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }

    @Test
    void anExecutorThatThrowsTakesNobodyWithIt() throws Exception {
        DirectExecutor executor = new DirectExecutor();
        try (Disk disk = Disk.small();
                AsynchronousFileChannel channel =
                        AsynchronousFileChannel.open(disk.all(), Set.of(StandardOpenOption.READ), executor)) {
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            for (int i = 0; i < 3; i++) {
                channel.read(ByteBuffer.allocate(1), 0, "read " + i, new CompletionHandler<Integer, String>() {
                    @Override
                    public void completed(Integer result, String attachment) {
                        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
                            told.add(failure.getMessage());
                            throw new IllegalStateException("the handler of handlers, too");
                        });
                        told.add(attachment);
                        throw new RejectedExecutionException("of " + attachment);
                    }

                    @Override
                    public void failed(Throwable failure, String attachment) {
                        told.add(attachment + " failed: " + failure);
                    }
                });
                assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("read " + i);
                assertThat(told.poll(30, TimeUnit.SECONDS)).as("once").isEqualTo("of read " + i);
            }
            executor.fails = true;
            assertThat(channel.read(ByteBuffer.allocate(7), 0).get(30, TimeUnit.SECONDS))
                    .as("told all the same")
                    .isEqualTo(7);
        }
    }
}
