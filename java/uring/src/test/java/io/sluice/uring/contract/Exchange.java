package io.sluice.uring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockSession;
import io.sluice.block.Operation;
import java.io.IOException;
import java.util.Random;

/** One operation at a time, with contents that tell which they are. */
final class Exchange {
    private Exchange() {}

    /** Does one operation and waits for it. */
    static void perform(BlockSession session, Operation operation, long block, long count) throws IOException {
        assertThat(session.submit(operation, block, count, session.buffer(), 0, 1))
                .isTrue();
        Recorder recorder = new Recorder().finish(session);
        assertThat(recorder.failures()).isEmpty();
        assertThat(recorder.tags()).containsExactly(1L);
    }

    /** Fills blocks with what belongs to a seed. */
    static void write(BlockSession session, Operation operation, long block, int count, long seed) throws IOException {
        session.buffer().bytes().put(0, content(session, count, seed));
        perform(session, operation, block, count);
    }

    /** Expects blocks to hold what belongs to a seed. */
    static void expect(BlockSession session, long block, int count, long seed) throws IOException {
        assertThat(read(session, block, count)).isEqualTo(content(session, count, seed));
    }

    static void expectZeroes(BlockSession session, long block, int count) throws IOException {
        assertThat(read(session, block, count))
                .isEqualTo(new byte[count * session.geometry().blockBytes()]);
    }

    static byte[] read(BlockSession session, long block, int count) throws IOException {
        byte[] bytes = new byte[count * session.geometry().blockBytes()];
        // Old content must not pass for new.
        byte[] other = new byte[bytes.length];
        java.util.Arrays.fill(other, (byte) 0x5a);
        session.buffer().bytes().put(0, other);
        perform(session, Operation.READ, block, count);
        session.buffer().bytes().get(0, bytes);
        return bytes;
    }

    private static byte[] content(BlockSession session, int count, long seed) {
        byte[] bytes = new byte[count * session.geometry().blockBytes()];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
