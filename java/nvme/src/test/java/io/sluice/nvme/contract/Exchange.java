package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Operations on a session for tests: one at a time and waited for, or many and collected. */
final class Exchange implements Completion {
    /** Far more than any test takes; a driver that loses a completion is to fail a test, not to hang the build. */
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final BlockSession session;
    private final List<Long> done = new ArrayList<>();
    private final Map<Long, BlockIoException> failed = new LinkedHashMap<>();

    Exchange(BlockSession session) {
        this.session = session;
    }

    @Override
    public void completed(long tag) {
        done.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        failed.put(tag, failure);
    }

    /** Does one operation; nothing else may be in flight. */
    void perform(Operation operation, long block, long count, long offset) throws IOException {
        assertThat(session.submit(operation, block, count, session.buffer(), offset, -1))
                .as("room for an operation")
                .isTrue();
        finish();
        done.clear();
        BlockIoException failure = failed.remove(-1L);
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits for everything in flight. */
    void finish() throws IOException {
        session.commit();
        long start = System.nanoTime();
        while (session.inFlight() > 0) {
            if (session.poll(this, Integer.MAX_VALUE) == 0 && !session.await(1_000_000_000L)) {
                assertThat(System.nanoTime() - start)
                        .as("%s operations never finished", session.inFlight())
                        .isLessThan(PATIENCE_NANOS);
            }
        }
    }

    void write(long block, byte[] data, long offset) throws IOException {
        put(data, (int) offset);
        perform(Operation.WRITE, block, data.length >> session.geometry().blockShift(), offset);
    }

    /** Reads into a buffer that held something else before. */
    byte[] read(long block, int count, long offset) throws IOException {
        int bytes = count << session.geometry().blockShift();
        byte[] data = new byte[bytes];
        Arrays.fill(data, (byte) 0xa5);
        put(data, (int) offset);
        perform(Operation.READ, block, count, offset);
        session.buffer().bytes().get((int) offset, data);
        return data;
    }

    void put(byte[] data, int offset) {
        session.buffer().bytes().put(offset, data);
    }

    /** Whether the buffer holds the data; says where it differs first. */
    void assertHolds(byte[] expected, long offset) {
        IoBuffer buffer = session.buffer();
        int mismatch = buffer.bytes().slice((int) offset, expected.length).mismatch(ByteBuffer.wrap(expected));
        assertThat(mismatch)
                .as("first byte that differs, of %s", expected.length)
                .isEqualTo(-1);
    }

    List<Long> done() {
        return done;
    }

    Map<Long, BlockIoException> failures() {
        return failed;
    }
}
