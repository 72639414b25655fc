package io.sluice.uring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What opening and closing leaves behind, as the kernel counts it, and what an operation leaves to the collector. */
@Isolated
@Timeout(300)
class ResourcesTest {
    private static final SessionOptions SMALL =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 16).queueDepth(8);

    @TempDir
    Path directory;

    @Test
    void aThousandDevicesAndSessionsLeaveNoDescriptorMappingOrPinnedPage() throws IOException {
        Path path = TestFile.in(directory, 1 << 20);
        cycle(path, 20);
        Taken before = Taken.now();
        cycle(path, 1000);
        Taken after = Taken.now();
        assertThat(after.descriptors()).isEqualTo(before.descriptors());
        assertThat(after.pinnedKib()).isEqualTo(before.pinnedKib());
        assertThat(after.mappings()).isEqualTo(before.mappings());
    }

    private static void cycle(Path path, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            UringOptions options = UringOptions.defaults().devicePolling(i % 3 == 0);
            try (UringDevice device = UringDevice.open(path, options);
                    UringSession session = device.open(SMALL)) {
                session.submit(Operation.WRITE, 0, 8, session.buffer(), 0, 0);
                session.commit();
            }
        }
    }

    @Test
    void operationsAllocateNothing() throws IOException {
        try (UringDevice device = UringDevice.open(
                        TestFile.in(directory, 1 << 20), UringOptions.defaults().direct(false));
                UringSession session = device.open(SMALL)) {
            Count count = new Count();
            run(session, count, 30_000);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            run(session, count, 30_000);
            long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            // Not a byte for an operation; the measuring itself takes some.
            assertThat(after - before).isLessThan(10_000);
            assertThat(count.done).isEqualTo(60_000);
        }
    }

    private static void run(UringSession session, Count count, int operations) throws IOException {
        long end = count.done + operations;
        long submitted = count.done;
        while (count.done < end) {
            while (submitted < end
                    && session.submit(
                            submitted % 8 == 7 ? Operation.WRITE : Operation.READ,
                            submitted & 1023,
                            1,
                            session.buffer(),
                            0,
                            submitted)) {
                submitted++;
            }
            session.await(1_000_000_000L);
            session.poll(count, 8);
        }
    }

    private static final class Count implements Completion {
        private long done;

        @Override
        public void completed(long tag) {
            done++;
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }
    }

    /**
     * What this process has.
     *
     * @param descriptors open ones
     * @param mappings of rings and of memory for transfers
     * @param pinnedKib locked or pinned, KiB
     */
    private record Taken(long descriptors, long mappings, long pinnedKib) {
        static Taken now() throws IOException {
            List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                return new Taken(
                        descriptors.count(),
                        maps.stream()
                                .filter(line -> line.contains("memfd:sluice-uring") || line.contains("io_uring"))
                                .count(),
                        status("VmLck") + status("VmPin"));
            }
        }

        private static long status(String field) throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
