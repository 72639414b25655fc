package io.sluice.block;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A device in memory that finishes operations only when a test lets it, and has an interrupt that it raises then. */
public final class HeldDevice implements BlockDevice {
    private final RamDevice ram;
    private final Semaphore allowed = new Semaphore(0);
    private final Semaphore interrupts = new Semaphore(0);
    private final AtomicInteger submitted = new AtomicInteger();
    private final AtomicInteger sleeps = new AtomicInteger();
    private volatile BlockIoException broken;

    /** A device of zeroes that does nothing yet. */
    public HeldDevice(int blockBytes, long blockCount) {
        this.ram = new RamDevice("held", blockBytes, blockCount);
    }

    /** Lets so many operations finish. */
    public void allow(int count) {
        allowed.release(count);
        interrupts.release();
    }

    /** Everything fails from now on, as on a device that was pulled. */
    public void breakDown() {
        broken = new DeviceGoneException("held", Operation.READ, 0, 0, "it was pulled");
        interrupts.release();
    }

    /** How many operations were submitted. */
    public int submitted() {
        return submitted.get();
    }

    /** How often somebody went to sleep on the interrupt. */
    public int sleeps() {
        return sleeps.get();
    }

    @Override
    public String name() {
        return ram.name();
    }

    @Override
    public Geometry geometry() {
        return ram.geometry();
    }

    @Override
    public BlockSession open(SessionOptions options) throws IOException {
        return new Held(ram.open(options), options.interrupts());
    }

    @Override
    public void close() throws IOException {
        ram.close();
    }

    private final class Held implements BlockSession {
        private final BlockSession session;
        private final boolean interrupt;
        private final List<Long> tags = new ArrayList<>();

        Held(BlockSession session, boolean interrupt) {
            this.session = session;
            this.interrupt = interrupt;
        }

        @Override
        public Geometry geometry() {
            return session.geometry();
        }

        @Override
        public int queueDepth() {
            return session.queueDepth();
        }

        @Override
        public IoBuffer buffer() {
            return session.buffer();
        }

        @Override
        public boolean submit(Operation operation, long block, long count, IoBuffer memory, long offset, long tag)
                throws BlockIoException {
            if (broken != null) {
                throw broken;
            }
            boolean sent = session.submit(operation, block, count, memory, offset, tag);
            if (sent) {
                tags.add(tag);
                submitted.incrementAndGet();
            }
            return sent;
        }

        @Override
        public void commit() {
            session.commit();
        }

        @Override
        public int poll(Completion completion, int max) throws BlockIoException {
            if (broken != null) {
                throw broken;
            }
            int reported = 0;
            while (reported < max && session.inFlight() > 0 && allowed.tryAcquire()) {
                reported += session.poll(completion, 1);
            }
            return reported;
        }

        @Override
        public boolean await(long timeoutNanos) throws IOException {
            commit();
            if (interrupt) {
                sleeps.incrementAndGet();
                try {
                    boolean ignored = interrupts.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if (broken != null) {
                throw broken;
            }
            return allowed.availablePermits() > 0;
        }

        @Override
        public boolean hasInterrupt() {
            return interrupt;
        }

        @Override
        public void wakeup() {
            interrupts.release();
        }

        @Override
        public int inFlight() {
            return session.inFlight();
        }

        @Override
        public SessionStatistics statistics() {
            return session.statistics();
        }

        @Override
        public void close() throws IOException {
            session.close();
        }

        @Override
        public String toString() {
            return "held";
        }
    }
}
