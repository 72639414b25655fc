package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Jobs that succeed make no garbage. */
class JobsAllocationTest implements JobCompletion {
    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 100_000;

    private long resolved;

    @Override
    public void completed(long tag) {
        resolved++;
    }

    @Override
    public void failed(long tag, JobException failure) {
        throw new AssertionError(failure);
    }

    @Test
    void wholeBlocksPartsOfBlocksAndCopiesAllocateNothing() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RamDevice device = new RamDevice("ram", 512, 4096);
                Jobs jobs =
                        new Jobs(device.open(SessionOptions.defaults().writeable(true)), JobOptions.defaults(), this)) {
            ByteBuffer other = ByteBuffer.allocate(4096);
            perform(jobs, other, WARM_UP);
            long before = threads.getCurrentThreadAllocatedBytes();
            perform(jobs, other, MEASURED);
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            // What the compiler does meanwhile may cost a little, but not for each job.
            assertThat(bytes).isLessThan(MEASURED);
        }
    }

    private void perform(Jobs jobs, ByteBuffer other, int count) throws IOException {
        long until = resolved + 3L * count;
        for (int i = 0; i < count; i++) {
            long position = (i & 255) * 4096L;
            require(jobs.submit(Operation.READ, position, 4096, jobs.session().buffer(), 0, i));
            require(jobs.submit(Operation.WRITE, position + 100, 700, other, 3, i));
            require(jobs.submit(Operation.READ, position + 1, 4000, other, 5, i));
            jobs.commit();
            while (jobs.inFlight() > 0) {
                int ignored = jobs.poll(16);
            }
        }
        assertThat(resolved).isEqualTo(until);
    }

    private static void require(boolean submitted) {
        if (!submitted) {
            throw new AssertionError("there is no room for a job");
        }
    }
}
