package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel reports a failed writeback once: the device has to remember it. */
class FailedSyncTest implements Completion {
    /** Forces fail once, as those of a file whose writeback failed. */
    private static final class OnceFailing implements Store {
        private boolean failed;

        @Override
        public void read(long position, StoreMemory memory, int offset, int length) {}

        @Override
        public void write(long position, StoreMemory memory, int offset, int length) {}

        @Override
        public void zero(long position, long length) {}

        @Override
        public void discard(long position, long length) {}

        @Override
        public void force() throws IOException {
            if (!failed) {
                failed = true;
                throw new IOException("Input/output error");
            }
        }

        @Override
        public void close() {}
    }

    private final FileDevice device = new FileDevice(
            new StoreDevice("file", new Geometry(512, 64, true, 1, 64, 64, 64, true), new OnceFailing()));
    private final List<Long> completed = new ArrayList<>();
    private final List<BlockIoException> failed = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        device.close();
    }

    @Override
    public void completed(long tag) {
        completed.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        failed.add(failure);
    }

    private BlockSession open() throws IOException {
        return device.open(SessionOptions.defaults().writeable(true).bufferBytes(4096));
    }

    private void run(BlockSession session, Operation operation) throws IOException {
        assertThat(session.submit(operation, 0, 1, session.buffer(), 0, 1)).isTrue();
        session.commit();
        session.poll(this, 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SYNC", "WRITE_DURABLE"})
    void aForceThatFailedFailsEveryLaterSyncOfTheSessionAndOfOthers(Operation first) throws IOException {
        BlockSession session = open();
        run(session, first);
        run(session, Operation.SYNC);
        run(open(), Operation.SYNC);
        run(session, Operation.WRITE_DURABLE);

        assertThat(completed).isEmpty();
        assertThat(failed)
                .hasSize(4)
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("Input/output error"));
        assertThat(failed.get(2)).hasMessageContaining("an earlier sync failed");
    }

    @Test
    void writesGoOnAndSyncsSucceedAgainOnceTheLossIsAcknowledged() throws IOException {
        BlockSession session = open();
        run(session, Operation.SYNC);
        run(session, Operation.WRITE);
        assertThat(completed).hasSize(1);

        device.acknowledgeDataLoss();
        run(session, Operation.SYNC);
        assertThat(completed).hasSize(2);
    }
}
