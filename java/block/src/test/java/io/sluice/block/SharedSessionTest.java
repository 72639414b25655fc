package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedSessionTest {
    private static final SessionOptions WRITEABLE =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 16);

    private final HeldDevice device = new HeldDevice(512, 1 << 11);
    private final RamDevice ram = new RamDevice("ram", 512, 1 << 20);

    @AfterEach
    void closeDevices() throws IOException {
        device.close();
        ram.close();
    }

    private static ByteBuffer bytes(int length, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) (value + i));
        }
        return bytes;
    }

    @Test
    void whatOneThreadWritesAnotherReads() throws Exception {
        try (SharedSession session = SharedSession.open(ram, WRITEABLE, SharedOptions.defaults())) {
            session.write(1000, bytes(5000, 3));
            ByteBuffer read = ByteBuffer.allocate(5000);
            Thread reader = new Thread(() -> {
                try {
                    session.read(1000, read);
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            });
            reader.start();
            reader.join();
            assertThat(read.hasRemaining()).isFalse();
            assertThat(read.flip()).isEqualTo(bytes(5000, 3));
        }
    }

    @Test
    void sixtyFourThreadsWriteBytesSideBySide() throws Exception {
        try (SharedSession session =
                SharedSession.open(ram, WRITEABLE, SharedOptions.defaults().maxJobs(32))) {
            int threads = 64;
            int each = 100;
            int stride = 37;
            List<Throwable> failures = new ArrayList<>();
            List<Thread> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int mine = t;
                Thread thread = new Thread(() -> {
                    try {
                        for (int i = 0; i < each; i++) {
                            long position = ((long) i * threads + mine) * stride;
                            session.write(position, bytes(stride, mine + i));
                            ByteBuffer read = ByteBuffer.allocate(stride);
                            session.read(position, read);
                            assertThat(read.flip()).isEqualTo(bytes(stride, mine + i));
                        }
                    } catch (Throwable failure) {
                        synchronized (failures) {
                            failures.add(failure);
                        }
                    }
                });
                all.add(thread);
                thread.start();
            }
            for (Thread thread : all) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            for (int i = 0; i < threads * each; i++) {
                ByteBuffer read = ByteBuffer.allocate(stride);
                session.read((long) i * stride, read);
                assertThat(read.flip()).isEqualTo(bytes(stride, i % threads + i / threads));
            }
        }
    }

    @Test
    void syncTrimAndZeroAreWaitedFor() throws IOException {
        try (SharedSession session = SharedSession.open(ram, WRITEABLE, SharedOptions.defaults())) {
            session.write(0, bytes(4096, 1));
            session.sync();
            session.zero(100, 1000);
            session.trim(2048, 1024);
            ByteBuffer read = ByteBuffer.allocate(4096);
            session.read(0, read);
            assertThat(read.get(99)).isEqualTo((byte) 100);
            assertThat(read.get(100)).isZero();
            assertThat(read.get(1099)).isZero();
            assertThat(read.get(1100)).isEqualTo((byte) 1101);
            assertThat(session.statistics().syncs()).isEqualTo(1);
        }
    }

    @Test
    void nothingIsWaitedForWhenThereIsNothingToTransfer() throws IOException {
        try (SharedSession session = SharedSession.open(ram, WRITEABLE, SharedOptions.defaults())) {
            session.read(0, ByteBuffer.allocate(0));
            session.write(0, ByteBuffer.allocate(0));
            assertThat(session.statistics().reads() + session.statistics().writes())
                    .isZero();
        }
    }

    @Test
    void aBatchIsDoneInItsOrder() {
        SharedOptions options = SharedOptions.defaults().maxJobs(4);
        try (SharedSession session = SharedSession.open(ram, WRITEABLE, options)) {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                // The same bytes, in part of a block: the last one wins.
                jobs.add(Job.write(10, bytes(20, i)));
            }
            List<JobFuture> futures = session.submitAll(jobs);
            CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                    .join();
            assertThat(futures).extracting(JobFuture::job).containsExactlyElementsOf(jobs);
            ByteBuffer read = ByteBuffer.allocate(20);
            session.read(10, read);
            assertThat(read.flip()).isEqualTo(bytes(20, 99));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void whoSubmitsMoreThanThereIsRoomForWaits() throws Exception {
        SharedOptions options = SharedOptions.defaults().maxJobs(2);
        try (SharedSession session = SharedSession.open(device, WRITEABLE, options)) {
            JobFuture first = session.submit(Job.read(0, ByteBuffer.allocate(512)));
            JobFuture second = session.submit(Job.read(512, ByteBuffer.allocate(512)));
            assertThat(session.trySubmit(Job.sync())).isNull();
            AtomicInteger submitted = new AtomicInteger();
            Thread thread = new Thread(() -> {
                JobFuture ignored = session.submit(Job.read(1024, ByteBuffer.allocate(512)));
                submitted.incrementAndGet();
            });
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(submitted.get()).isZero();
            device.allow(1);
            thread.join();
            assertThat(submitted.get()).isEqualTo(1);
            assertThat(JobFuture.awaitAny(List.of(first, second), 10_000_000_000L)
                            .isDone())
                    .isTrue();
            device.allow(2);
            assertThat(second.get()).isEqualTo(second.job());
        }
    }

    @Test
    void anyOfSeveralIsWaitedFor() throws Exception {
        try (SharedSession session = SharedSession.open(device, WRITEABLE, SharedOptions.defaults())) {
            List<JobFuture> futures = session.submitAll(List.of(
                    Job.read(0, ByteBuffer.allocate(512)),
                    Job.read(512, ByteBuffer.allocate(512)),
                    Job.read(1024, ByteBuffer.allocate(512))));
            assertThatThrownBy(() -> JobFuture.awaitAny(futures, 1_000_000)).isInstanceOf(TimeoutException.class);
            device.allow(1);
            JobFuture any = JobFuture.awaitAny(futures, 10_000_000_000L);
            assertThat(any.isDone()).isTrue();
            assertThat(futures.stream().filter(JobFuture::isDone)).containsExactly(any);
            device.allow(2);
            assertThatThrownBy(() -> JobFuture.awaitAny(List.of(), 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aFailureIsTheCallersAndSaysWhatWasDone() throws IOException {
        try (SharedSession session = SharedSession.open(ram, SessionOptions.defaults(), SharedOptions.defaults())) {
            assertThatThrownBy(() -> session.write(0, ByteBuffer.allocate(1)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only");
            assertThatThrownBy(() -> session.read(session.sizeBytes(), ByteBuffer.allocate(1)))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() ->
                            session.submit(Job.read(-1, ByteBuffer.allocate(1))).join())
                    .hasCauseInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void aDeviceThatIsPulledFailsEveryJobOnce() throws Exception {
        SharedSession session = SharedSession.open(device, WRITEABLE, SharedOptions.defaults());
        List<JobFuture> futures =
                session.submitAll(List.of(Job.read(0, ByteBuffer.allocate(512)), Job.write(3, bytes(7, 1))));
        device.breakDown();
        for (JobFuture future : futures) {
            assertThatThrownBy(future::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(BlockIoException.class);
        }
        assertThatThrownBy(() -> session.read(0, ByteBuffer.allocate(1))).isInstanceOf(BlockIoException.class);
        session.close();
    }

    @Test
    void closingCompletesEveryFuture() throws Exception {
        SharedSession session = SharedSession.open(device, WRITEABLE.queueDepth(2), SharedOptions.defaults());
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            jobs.add(Job.read(i * 512L, ByteBuffer.allocate(512)));
        }
        AtomicInteger told = new AtomicInteger();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        List<JobFuture> futures = session.submitAll(jobs);
        for (JobFuture future : futures) {
            all.add(future.handle((job, failure) -> {
                told.incrementAndGet();
                return null;
            }));
        }
        while (device.submitted() < 2) {
            Thread.onSpinWait();
        }
        Thread closer = new Thread(() -> {
            try {
                session.close();
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        });
        closer.start();
        // What the device has already is waited for; how much that is by now is the poller's affair.
        device.allow(100);
        closer.join();
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(10, TimeUnit.SECONDS);
        assertThat(told.get()).isEqualTo(100);
        assertThat(futures).allMatch(JobFuture::isDone);
        assertThat(session.submit(Job.sync()).isCompletedExceptionally()).isTrue();
        assertThatThrownBy(session::sync).isInstanceOf(SessionClosedException.class);
        session.close();
    }

    @Test
    void closingLetsThoseGoWhoWaitForRoom() throws Exception {
        SharedSession session =
                SharedSession.open(device, WRITEABLE, SharedOptions.defaults().maxJobs(1));
        JobFuture first = session.submit(Job.read(0, ByteBuffer.allocate(512)));
        List<JobFuture> late = new ArrayList<>();
        Thread waiter = new Thread(() -> late.add(session.submit(Job.sync())));
        waiter.start();
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        // One for the read, one for the sync should it get in before the end.
        device.allow(2);
        session.close();
        waiter.join();
        assertThat(first.isDone()).isTrue();
        assertThat(late.get(0).isDone()).isTrue();
    }

    @Test
    void aCancelledJobStaysOpenUntilTheDeviceIsDone() throws Exception {
        try (SharedSession session = SharedSession.open(device, WRITEABLE.queueDepth(1), SharedOptions.defaults())) {
            JobFuture running = session.submit(Job.read(0, ByteBuffer.allocate(512)));
            JobFuture behind = session.submit(Job.read(512, ByteBuffer.allocate(512)));
            while (device.submitted() == 0) {
                Thread.onSpinWait();
            }
            assertThat(running.cancel(true)).isFalse();
            assertThat(behind.cancel(true)).isFalse();
            // The device has room for one, so the other was never begun.
            assertThatThrownBy(behind::get).hasCauseInstanceOf(JobCancelledException.class);
            assertThat(running.isDone()).isFalse();
            device.allow(1);
            assertThat(running.get()).isSameAs(running.job());
            assertThat(behind.cancel(true)).isFalse();
        }
    }

    @Test
    void aJobThatIsCancelledBeforeThePollerThreadSawItIsNeverBegun() throws Exception {
        try (SharedSession session = SharedSession.open(device, WRITEABLE, SharedOptions.defaults())) {
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch cancelled = new CountDownLatch(1);
            CompletableFuture<Void> holds = session.submit(Job.read(0, ByteBuffer.allocate(512)))
                    .thenRun(() -> {
                        busy.countDown();
                        try {
                            cancelled.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
            device.allow(1);
            busy.await();
            JobFuture late = session.submit(Job.write(1000, bytes(100, 1)));
            late.cancel(true);
            cancelled.countDown();
            assertThatThrownBy(() -> late.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(JobCancelledException.class)
                    .hasMessageContaining("2 blocks at block 1");
            holds.join();
            assertThat(device.submitted()).isEqualTo(1);
            assertThat(session.trySubmit(Job.sync())).as("its room is free").isNotNull();
            device.allow(1);
        }
    }

    @Test
    void whoOnlyLooksForOneThatIsDoneLeavesNothingBehind() throws Exception {
        try (SharedSession session = SharedSession.open(device, WRITEABLE, SharedOptions.defaults())) {
            List<JobFuture> futures = List.of(session.submit(Job.read(0, ByteBuffer.allocate(512))));
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> JobFuture.awaitAny(futures, 0)).isInstanceOf(TimeoutException.class);
            }
            assertThat(futures.get(0).getNumberOfDependents()).isZero();
            device.allow(1);
            assertThat(JobFuture.awaitAny(futures, 10_000_000_000L)).isSameAs(futures.get(0));
        }
    }

    @Test
    void memoryOfOthersAndInSeveralPlacesIsForEveryThread() throws Exception {
        try (SharedSession session = SharedSession.open(ram, WRITEABLE, SharedOptions.defaults())) {
            ByteBuffer mine = ByteBuffer.allocateDirect(1 << 16);
            for (int i = 0; i < mine.capacity(); i++) {
                mine.put(i, (byte) (i / 512 + i));
            }
            IoBuffer wrapped = session.wrap(mine);
            session.perform(Job.write(
                    5,
                    new Segments(3).add(wrapped, 1000, 700).add(wrapped, 0, 9).add(wrapped, 4096, 4096)));
            ByteBuffer read = ByteBuffer.allocate(700 + 9 + 4096);
            session.read(5, read);
            ByteBuffer expected = ByteBuffer.allocate(read.capacity())
                    .put(mine.slice(1000, 700))
                    .put(mine.slice(0, 9))
                    .put(mine.slice(4096, 4096));
            assertThat(read.flip()).isEqualTo(expected.flip());
            session.perform(Job.read(1 << 10, 1 << 15, wrapped, 512));
            session.unwrap(wrapped);
            assertThatThrownBy(() -> session.perform(Job.read(0, 512, wrapped, 0)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("not of this session");
            assertThatThrownBy(() -> session.wrap(ByteBuffer.allocate(512)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("direct");
        }
    }

    @Test
    void aClosedSessionWrapsNothing() throws Exception {
        SharedSession session = SharedSession.open(ram, WRITEABLE, SharedOptions.defaults());
        session.close();
        assertThatThrownBy(() -> session.wrap(ByteBuffer.allocateDirect(512)))
                .isInstanceOf(SessionClosedException.class);
    }

    /** From Java 22 on memory can be one thread's own; before, none is, and memory that is shorter than it says stands for it. */
    @Test
    void memoryThatThePollerThreadMayNotTouchIsNobodyElsesTrouble() throws Exception {
        try (SharedSession session = SharedSession.open(ram, WRITEABLE, SharedOptions.defaults())) {
            Job job = Job.write(1, ByteBuffer.allocate(10));
            if (Runtime.version().feature() >= 22) {
                Class<?> arenas = Class.forName("java.lang.foreign.Arena");
                Object arena = arenas.getMethod("ofConfined").invoke(null);
                Object segment = arenas.getMethod("allocate", long.class).invoke(arena, 4096L);
                ByteBuffer confined = (ByteBuffer) Class.forName("java.lang.foreign.MemorySegment")
                        .getMethod("asByteBuffer")
                        .invoke(segment);
                job = Job.write(1, confined.limit(10));
                assertThatThrownBy(() -> session.wrap(confined))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("cannot touch");
            } else {
                IoBuffer shorter = new IoBuffer() {
                    @Override
                    public int size() {
                        return 4096;
                    }

                    @Override
                    public ByteBuffer bytes() {
                        return ByteBuffer.allocateDirect(1);
                    }
                };
                job = Job.write(1, 10, shorter, 0);
            }
            Job untouchable = job;
            assertThatThrownBy(() -> session.perform(untouchable))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("memory of the job");
            session.write(0, bytes(10, 1));
        }
    }

    @Test
    void anActionOnThePollerThreadMayNotWaitForIt() throws Exception {
        try (SharedSession session = SharedSession.open(device, WRITEABLE, SharedOptions.defaults())) {
            CompletableFuture<Void> waits = session.submit(Job.read(0, ByteBuffer.allocate(512)))
                    .thenAccept(job -> {
                        try {
                            session.sync();
                        } catch (IOException failure) {
                            throw new CompletionException(failure);
                        }
                    });
            device.allow(1);
            assertThatThrownBy(waits::get)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Async");
        }
    }

    @Test
    void anActionOnThePollerThreadMaySubmitAndClose() throws Exception {
        SharedSession session =
                SharedSession.open(ram, WRITEABLE, SharedOptions.defaults().maxJobs(1));
        CompletableFuture<Job> second = session.submit(Job.write(0, bytes(512, 1)))
                .thenCompose(job -> session.submit(Job.write(0, bytes(512, 2))));
        second.get(10, TimeUnit.SECONDS);
        session.submit(Job.sync())
                .thenRun(() -> {
                    try {
                        session.close();
                    } catch (IOException failure) {
                        throw new CompletionException(failure);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        session.close();
        assertThatThrownBy(session::sync).isInstanceOf(SessionClosedException.class);
    }

    @Test
    void anInterruptDoesNotEndTheWait() throws Exception {
        try (SharedSession session = SharedSession.open(device, WRITEABLE, SharedOptions.defaults())) {
            List<Object> outcome = new ArrayList<>();
            Thread reader = new Thread(() -> {
                try {
                    session.read(0, ByteBuffer.allocate(512));
                    outcome.add(Thread.currentThread().isInterrupted());
                } catch (IOException failure) {
                    outcome.add(failure);
                }
            });
            reader.start();
            while (device.submitted() == 0) {
                Thread.onSpinWait();
            }
            reader.interrupt();
            device.allow(1);
            reader.join();
            assertThat(outcome).containsExactly(true);
        }
    }

    @Test
    void thePollerSleepsOnTheInterruptOfADeviceThatTakesLong() throws Exception {
        try (SharedSession session = SharedSession.open(device, WRITEABLE, SharedOptions.defaults())) {
            JobFuture slow = session.submit(Job.read(0, ByteBuffer.allocate(512)));
            while (device.sleeps() == 0) {
                Thread.onSpinWait();
            }
            // Asleep for the device, it hears what others submit.
            JobFuture second = session.submit(Job.read(512, ByteBuffer.allocate(512)));
            while (device.submitted() < 2) {
                Thread.onSpinWait();
            }
            device.allow(2);
            assertThat(slow.get()).isNotNull();
            assertThat(second.get()).isNotNull();
        }
    }
}
