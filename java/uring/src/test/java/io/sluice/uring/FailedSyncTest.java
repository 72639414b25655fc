package io.sluice.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** A block device whose backing store is full, so that what lies in the page cache cannot be written back. */
@Timeout(120)
class FailedSyncTest {
    private static final UringOptions CACHED = UringOptions.defaults().direct(false);
    private static final SessionOptions WRITING =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 20).queueDepth(4);

    @TempDir
    Path directory;

    private Path store;
    private LoopDevice loop;

    @BeforeEach
    void makeADeviceThatCannotWriteBack() throws IOException {
        store = Files.createDirectory(directory.resolve("store"));
        try {
            LoopDevice.run(List.of("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", store.toString()));
        } catch (IOException failure) {
            throw new TestAbortedException("this machine mounts nothing: " + failure.getMessage(), failure);
        }
        loop = LoopDevice.over(TestFile.in(store, TestFile.BYTES));
    }

    @AfterEach
    void end() throws IOException {
        if (loop != null) {
            loop.close();
        }
        if (!Files.exists(store.resolve("device.img"))) {
            return;
        }
        LoopDevice.run(List.of("umount", "--lazy", store.toString()));
    }

    @Test
    void itStaysFailedForEverySessionAndDeviceOnTheNode() throws IOException {
        try (UringDevice device = UringDevice.open(loop.node(), CACHED);
                UringDevice another = UringDevice.open(loop.node(), CACHED);
                UringSession first = device.open(WRITING);
                UringSession second = device.open(WRITING);
                UringSession third = another.open(WRITING.writeable(false))) {
            lose(first);
            assertThat(run(first, Operation.SYNC)).hasMessageContaining("earlier sync failed");
            assertThat(run(second, Operation.SYNC)).hasMessageContaining("earlier sync failed");
            assertThat(run(third, Operation.SYNC)).isNotNull();
            assertThat(run(third, Operation.SYNC)).hasMessageContaining("earlier sync failed");
            assertThat(run(second, Operation.READ)).isNull();
        }
    }

    @Test
    void acknowledgedOrClosedItIsForgotten() throws IOException {
        try (UringDevice device = UringDevice.open(loop.node(), CACHED);
                UringSession session = device.open(WRITING)) {
            lose(session);
            device.acknowledgeDataLoss();
            assertThat(run(session, Operation.SYNC)).isNull();
            lose(session);
        }
        try (UringDevice device = UringDevice.open(loop.node(), CACHED);
                UringSession session = device.open(WRITING)) {
            assertThat(run(session, Operation.SYNC)).isNull();
        }
    }

    private static void lose(UringSession session) throws IOException {
        assertThat(run(session, Operation.WRITE)).isNull();
        assertThat(run(session, Operation.SYNC)).isNotNull();
    }

    /** Runs one operation over a MiB; returns its failure. */
    private static BlockIoException run(UringSession session, Operation operation) throws IOException {
        BlockIoException[] end = new BlockIoException[1];
        long count =
                operation == Operation.SYNC ? 0 : (1 << 20) / session.geometry().blockBytes();
        if (!session.submit(operation, 0, count, session.buffer(), 0, 0)) {
            return fail("there is no room");
        }
        Completion completion = new Completion() {
            @Override
            public void completed(long tag) {}

            @Override
            public void failed(long tag, BlockIoException failure) {
                end[0] = failure;
            }
        };
        while (session.inFlight() > 0) {
            boolean ignored = session.await(1_000_000_000L);
            int reported = session.poll(completion, 1);
            assertThat(reported).isLessThan(2);
        }
        return end[0];
    }
}
