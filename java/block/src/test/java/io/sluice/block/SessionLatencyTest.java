package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Latencies of sessions on devices in software, and of what stands on sessions. */
class SessionLatencyTest {
    private static final SessionOptions RECORDED =
            SessionOptions.defaults().writeable(true).latency(true);

    private static void perform(BlockSession session, Operation... operations) throws IOException {
        for (Operation operation : operations) {
            assertThat(session.submit(operation, 1, 1, session.buffer(), 0, 0)).isTrue();
        }
        session.commit();
        int done = 0;
        while (done < operations.length) {
            done += session.poll(
                    new Completion() {
                        @Override
                        public void completed(long tag) {}

                        @Override
                        public void failed(long tag, BlockIoException failure) {
                            throw new AssertionError(failure);
                        }
                    },
                    operations.length);
        }
    }

    private static void assertEveryKindIsCounted(BlockSession session) throws IOException {
        perform(session, Operation.READ, Operation.READ, Operation.WRITE, Operation.SYNC);
        LatencyStatistics before = session.latency();
        perform(session, Operation.READ, Operation.WRITE_DURABLE, Operation.TRIM, Operation.WRITE_ZEROES);

        LatencyStatistics after = session.latency();
        assertThat(after.of(Operation.READ).count()).isEqualTo(3);
        assertThat(after.since(before).of(Operation.READ).count()).isEqualTo(1);
        for (Operation operation : Operation.values()) {
            assertThat(after.of(operation).count()).as("%s", operation).isPositive();
        }
        assertThat(after.all().count()).isEqualTo(8);
    }

    @Test
    void memory() throws IOException {
        try (BlockDevice device = new RamDevice("latency of memory", 512, 64);
                BlockSession session = device.open(RECORDED)) {
            assertEveryKindIsCounted(session);
        }
    }

    @Test
    void aFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("image");
        try (BlockDevice device =
                        FileDevice.open(file, FileDeviceOptions.defaults().sizeBytes(64 * 512));
                BlockSession session = device.open(RECORDED)) {
            assertEveryKindIsCounted(session);
        }
    }

    @Test
    void aSessionThatWasNotAskedRecordsNothing() throws IOException {
        try (BlockDevice device = new RamDevice("no latency", 512, 64);
                BlockSession session = device.open(SessionOptions.defaults())) {
            perform(session, Operation.READ);
            assertThat(session.latency()).isEqualTo(LatencyStatistics.none());
            assertThat(session.statistics().reads()).isEqualTo(1);
        }
    }

    @Test
    void aSharedSessionTellsWhatTheDeviceTookForTheJobs() throws IOException {
        try (BlockDevice device = new RamDevice("latency of shared memory", 512, 64);
                SharedSession session = SharedSession.open(device, RECORDED, SharedOptions.defaults())) {
            session.read(100, ByteBuffer.allocate(1000));
            session.write(512, ByteBuffer.allocate(512));
            session.sync();

            assertThat(session.latency().of(Operation.READ).count()).isPositive();
            assertThat(session.latency().of(Operation.WRITE).count()).isEqualTo(1);
            assertThat(session.latency().of(Operation.SYNC).count()).isEqualTo(1);
        }
    }

    @Test
    void limitsAreNoPartOfWhatTheDeviceTakes() throws IOException {
        try (BlockDevice device = new RamDevice("latency under limits", 512, 64);
                BlockSession session = LimitedSession.over(device.open(RECORDED), device.name(), Limits.none())) {
            perform(session, Operation.READ);
            assertThat(session.latency().of(Operation.READ).count()).isEqualTo(1);
        }
    }
}
