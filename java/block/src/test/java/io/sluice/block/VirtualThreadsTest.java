package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait for I/O do not keep their carriers. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadsTest {
    private static final SessionOptions WRITEABLE =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 16);

    /** What runs each task on a thread of its own: a virtual one where this Java has them, from 21 on. */
    private static ExecutorService executor() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return Executors.newCachedThreadPool();
        }
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    @Test
    void manyMoreThreadsThanProcessorsWaitAtOnceVirtualOnesWhereJavaHasThem() throws Exception {
        int threads = 1_000;
        HeldDevice device = new HeldDevice(512, 1 << 12);
        ExecutorService executor = executor();
        try (SharedSession session = SharedSession.open(
                device, WRITEABLE.queueDepth(threads), SharedOptions.defaults().maxJobs(threads))) {
            CountDownLatch begun = new CountDownLatch(threads);
            Future<?>[] reads = IntStream.range(0, threads)
                    .mapToObj(i -> executor.submit((Callable<Void>) () -> {
                        begun.countDown();
                        session.read(i * 512L, ByteBuffer.allocate(512));
                        return null;
                    }))
                    .toArray(Future<?>[]::new);
            // Were a carrier held for the length of an I/O, no more than there are processors would get here.
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            while (device.submitted() < 4) {
                Thread.onSpinWait();
            }
            device.allow(threads);
            for (Future<?> read : reads) {
                read.get(30, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdown();
            device.close();
        }
    }
}
