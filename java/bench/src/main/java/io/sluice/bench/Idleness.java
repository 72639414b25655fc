package io.sluice.bench;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import io.sluice.block.SharedOptions;
import io.sluice.block.SharedSession;
import io.sluice.block.WaitStrategy;
import io.sluice.block.Waiter;
import io.sluice.linux.EventDescriptor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** What a session that nothing happens on costs, and how long it takes until its owner runs after an interrupt. */
final class Idleness {
    /** How long nothing happens before each interrupt: the owner is asleep by then. */
    private static final long QUIET_MILLIS = 2;

    private Idleness() {}

    /** The part of a processor, in percent, that the poller thread of a shared session takes while nobody submits. */
    static double idlePercent(boolean quick) throws IOException, InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (RamDevice device = new RamDevice("idle", 4096, 1024);
                SharedSession session =
                        SharedSession.open(device, SessionOptions.defaults(), SharedOptions.defaults())) {
            long poller = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().startsWith("sluice poller"))
                    .findFirst()
                    .orElseThrow()
                    .getId();
            session.sync();
            Thread.sleep(200);
            long start = System.nanoTime();
            long cpu = threads.getThreadCpuTime(poller);
            Thread.sleep(quick ? 300 : 3000);
            cpu = threads.getThreadCpuTime(poller) - cpu;
            return 100.0 * cpu / (System.nanoTime() - start);
        }
    }

    /** What the owner of a session does until it finds out about an interrupt. */
    private interface Wait {
        void forSignal(Asleep session) throws IOException;
    }

    /** Nanoseconds from an event descriptor's signal, which is how VFIO delivers an interrupt, until the owner of the session goes on; sorted. */
    static long[] wakeNanos(boolean quick) throws IOException, InterruptedException {
        return wakes(quick, session -> {
            Waiter waiter = new Waiter(WaitStrategy.adaptive(), session, () -> false);
            while (session.signalled.get() == 0) {
                waiter.idle(0);
            }
        });
    }

    /** The same of a thread that does nothing but wait for the descriptor: what the kernel takes. */
    static long[] bareWakeNanos(boolean quick) throws IOException, InterruptedException {
        return wakes(quick, session -> {
            while (session.signalled.get() == 0) {
                boolean ignored = session.event.await(-1);
            }
        });
    }

    private static long[] wakes(boolean quick, Wait wait) throws IOException, InterruptedException {
        int rounds = quick ? 50 : 500;
        long[] nanos = new long[rounds];
        AtomicLong seen = new AtomicLong();
        try (Asleep session = new Asleep()) {
            Thread owner = new Thread(() -> {
                try {
                    for (int i = 0; i < rounds; i++) {
                        wait.forSignal(session);
                        nanos[i] = System.nanoTime() - session.signalled.getAndSet(0);
                        seen.incrementAndGet();
                    }
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            owner.start();
            for (int i = 0; i < rounds; i++) {
                Thread.sleep(QUIET_MILLIS);
                session.signalled.set(System.nanoTime());
                session.event.signal();
                while (seen.get() == i) {
                    Thread.sleep(1);
                }
            }
            owner.join();
        }
        Arrays.sort(nanos);
        return nanos;
    }

    /** A session with an operation in flight that never ends, and the interrupt of a device. */
    private static final class Asleep implements BlockSession {
        private final EventDescriptor event = EventDescriptor.create();
        /** When the interrupt was made that was not seen yet, {@link System#nanoTime}; 0 = there is none. */
        private final AtomicLong signalled = new AtomicLong();

        Asleep() throws IOException {}

        @Override
        public boolean await(long timeoutNanos) throws IOException {
            return event.await(timeoutNanos);
        }

        @Override
        public boolean hasInterrupt() {
            return true;
        }

        @Override
        public int inFlight() {
            return 1;
        }

        @Override
        public void close() {
            event.close();
        }

        @Override
        public Geometry geometry() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public int queueDepth() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public IoBuffer buffer() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag) {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public void commit() {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public int poll(Completion completion, int max) throws BlockIoException {
            throw new UnsupportedOperationException("it only sleeps");
        }

        @Override
        public SessionStatistics statistics() {
            throw new UnsupportedOperationException("it only sleeps");
        }
    }
}
