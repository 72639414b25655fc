package io.sluice.system.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What opening and closing leaves behind, and what a session takes, as the kernel counts it. */
class VfioResources {
    private static final SessionOptions SMALL =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 16).queueDepth(8);

    @Test
    void aThousandSessionsLeaveNoDescriptorMappingOrPinnedPage() throws IOException {
        try (NvmeController controller = open()) {
            // What is made once: interrupts, classes, the collector's own mappings.
            cycle(controller, 20);
            Taken before = Taken.now();
            cycle(controller, 1000);
            Taken after = Taken.now();
            assertThat(after.descriptors()).isEqualTo(before.descriptors());
            assertThat(after.pinnedKib()).isEqualTo(before.pinnedKib());
            assertThat(after.deviceMappings()).isEqualTo(before.deviceMappings());
            // The JVM itself maps a little more now and then.
            assertThat(after.mappings()).isLessThan(before.mappings() + 50);
        }
    }

    @Test
    void controllersLeaveNoDescriptorMappingOrPinnedPage() throws IOException {
        openAndClose(3);
        Taken before = Taken.now();
        openAndClose(30);
        Taken after = Taken.now();
        assertThat(after.descriptors()).isEqualTo(before.descriptors());
        assertThat(after.pinnedKib()).isEqualTo(before.pinnedKib()).isZero();
        assertThat(after.deviceMappings()).isEqualTo(before.deviceMappings()).isZero();
        assertThat(after.mappings()).isLessThan(before.mappings() + 15);
    }

    @Test
    void aSessionTakesLessThanFiveMebibytes() throws IOException {
        int count = 8;
        try (NvmeController controller = open()) {
            controller.namespace(1).open(SessionOptions.defaults()).close();
            Taken before = Taken.now();
            List<BlockSession> sessions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sessions.add(controller.namespace(1).open(SessionOptions.defaults()));
            }
            Taken after = Taken.now();
            assertThat(sessions).hasSize(count);
            assertThat((after.pinnedKib() - before.pinnedKib()) / count).isBetween(4096L, 5120L);
            assertThat((after.sharedKib() - before.sharedKib()) / count).isBetween(4096L, 5120L);
        }
    }

    @Test
    void pagesOfOthersAreReachedWhereTheyLieAndGivenBack() throws IOException {
        int bytes = 8 << 20;
        ByteBuffer pages =
                ByteBuffer.allocateDirect(bytes + 8192).alignedSlice(4096).slice(0, bytes);
        try (NvmeController controller = open();
                BlockSession session = controller.namespace(1).open(SMALL)) {
            // The session makes its lists for memory of others when it first meets some.
            IoBuffer first = session.wrap(pages);
            perform(session, Operation.READ, first, 0);
            session.unwrap(first);
            Taken before = Taken.now();
            IoBuffer wrapped = session.wrap(pages);
            Taken wrappedNow = Taken.now();
            pages.putLong(bytes - 512, 0x1234_5678_9abc_def0L);
            perform(session, Operation.WRITE, wrapped, bytes - 512);
            perform(session, Operation.READ, wrapped, 4096);
            assertThat(pages.getLong(4096)).isEqualTo(0x1234_5678_9abc_def0L);
            assertThat(session.statistics().bouncedTransfers()).isZero();
            session.unwrap(wrapped);
            Taken after = Taken.now();
            assertThat(wrappedNow.pinnedKib() - before.pinnedKib()).isEqualTo(bytes >> 10);
            assertThat(after.pinnedKib()).isEqualTo(before.pinnedKib());

            // What is not whole pages is copied.
            perform(session, Operation.READ, session.wrap(pages.slice(4, 4096)), 0);
            assertThat(session.statistics().bouncedTransfers()).isEqualTo(1);
        }
    }

    private static void perform(BlockSession session, Operation operation, IoBuffer memory, long offset)
            throws IOException {
        assertThat(session.submit(operation, 3, 1, memory, offset, 0)).isTrue();
        while (session.inFlight() > 0) {
            assertThat(session.await(60_000_000_000L)).isTrue();
            int ignored = session.poll(new Expected(), 1);
        }
    }

    private static final class Expected implements Completion {
        @Override
        public void completed(long tag) {}

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void cycle(NvmeController controller, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            controller.namespace(1).open(SMALL.interrupts(i % 2 == 0)).close();
        }
    }

    private static void openAndClose(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (NvmeController controller = open();
                    BlockSession session = controller.namespace(1).open(SMALL)) {
                assertThat(session.inFlight()).isZero();
            }
        }
    }

    private static NvmeController open() throws IOException {
        return NvmeController.open(new FirstVfioController().labs().get(0).open(), ControllerOptions.defaults());
    }

    /**
     * What this process has.
     *
     * @param descriptors open ones
     * @param mappings lines of /proc/self/maps
     * @param deviceMappings those of registers and of memory for DMA
     * @param pinnedKib locked or pinned, KiB
     * @param sharedKib resident memory of memfds and the like, KiB
     */
    private record Taken(long descriptors, long mappings, long deviceMappings, long pinnedKib, long sharedKib) {
        static Taken now() throws IOException {
            List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                return new Taken(
                        descriptors.count(),
                        maps.size(),
                        maps.stream()
                                .filter(line -> line.contains("memfd:") || line.contains("vfio"))
                                .count(),
                        status("VmLck") + status("VmPin"),
                        status("RssShmem"));
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
