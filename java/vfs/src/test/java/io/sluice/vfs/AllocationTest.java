package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int CALLS = 5_000;
    /** What the measurement itself may leave behind, far below a byte a call. */
    private static final long SLACK_BYTES = 1024;

    @ParameterizedTest
    @CsvSource({"0, 4096", "512, 512", "77, 1000", "1, 16384"})
    void readsAndWritesThroughADirectBufferAllocateNothing(long position, int length) throws IOException {
        try (Disk disk = Disk.small();
                FileChannel channel = disk.open()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(length);
            use(channel, buffer, position, WARM_UP);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long self = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(self);
            use(channel, buffer, position, CALLS);
            assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(SLACK_BYTES);
        }
    }

    private static void use(FileChannel channel, ByteBuffer buffer, long position, int calls) throws IOException {
        int moved = 0;
        for (int i = 0; i < calls; i++) {
            moved += channel.write(buffer.clear(), position);
            moved += channel.read(buffer.clear(), position);
        }
        assertThat(moved).isEqualTo(2 * calls * buffer.capacity());
    }
}
