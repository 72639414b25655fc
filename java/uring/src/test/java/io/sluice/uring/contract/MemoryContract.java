package io.sluice.uring.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.HostileNumbers;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import io.sluice.block.SessionOptions;
import io.sluice.uring.UringDevice;
import io.sluice.uring.UringSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory in several places and memory of others: data goes where it belongs, whichever way it goes. */
@Timeout(120)
public abstract class MemoryContract {
    static final SessionOptions WRITING =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 20).queueDepth(32);
    static final long SECOND = 1_000_000_000L;

    private UringDevice device;

    /** Opens a device of at least 1 MiB, whose content may be overwritten. */
    protected abstract UringDevice open() throws IOException;

    /** Whether completions are announced, and not looked for at the device. */
    protected boolean announces() {
        return true;
    }

    @BeforeEach
    void openDevice() throws IOException {
        device = open();
    }

    @AfterEach
    void closeDevice() throws IOException {
        if (device != null) {
            device.close();
        }
    }

    UringDevice device() {
        return device;
    }

    UringSession writing() throws IOException {
        return device.open(WRITING);
    }

    /** As much as memory of a segment must be aligned to, and at least a doubleword. */
    private static int unit(BlockSession session) {
        return Math.max(4, session.geometry().alignmentBytes());
    }

    private static ByteBuffer aligned(BlockSession session, int bytes) {
        int alignment = Math.max(4096, session.geometry().alignmentBytes());
        // The slice loses less than a unit at either end.
        return ByteBuffer.allocateDirect(bytes + 2 * alignment)
                .alignedSlice(alignment)
                .slice(0, bytes);
    }

    private static byte[] data(long seed, int bytes) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return data;
    }

    private static void finish(BlockSession session) throws IOException {
        Recorder recorder = new Recorder().finish(session);
        assertThat(recorder.failures()).isEmpty();
    }

    /** A cut of the memories, one after the other, into segments that have so many bytes together. */
    private static Segments cut(Random random, int unit, int bytes, IoBuffer... memories) {
        Segments segments = new Segments(Segments.MOST);
        int most = 1 + random.nextInt(30);
        int[] next = new int[memories.length];
        for (int left = bytes; left > 0; ) {
            int index = random.nextInt(memories.length);
            int length = segments.count() >= most
                    ? left
                    : Math.min(left, unit * (1 + random.nextInt(Math.max(1, bytes / unit / 8))));
            int offset = next[index] + unit * random.nextInt(2);
            if (offset + length > memories[index].size()) {
                return cut(random, unit, bytes, memories);
            }
            segments.add(memories[index], offset, length);
            next[index] = offset + length;
            left -= length;
        }
        return segments;
    }

    private static void put(Segments segments, byte[] data) {
        int at = 0;
        for (int i = 0; i < segments.count(); i++) {
            segments.memory(i).bytes().put(segments.offset(i), data, at, segments.length(i));
            at += segments.length(i);
        }
    }

    private static byte[] get(Segments segments) {
        byte[] data = new byte[(int) segments.bytes()];
        int at = 0;
        for (int i = 0; i < segments.count(); i++) {
            segments.memory(i).bytes().get(segments.offset(i), data, at, segments.length(i));
            at += segments.length(i);
        }
        return data;
    }

    @Test
    void segmentsAreReadAndWritten() throws IOException {
        try (UringSession session = writing()) {
            Geometry geometry = session.geometry();
            IoBuffer wrapped = session.wrap(aligned(session, 1 << 20));
            Random random = new Random(20260702);
            int most = Math.min(geometry.maxTransferBlocks(), (128 << 10) / geometry.blockBytes());
            for (int round = 0; round < 20; round++) {
                int count = 1 + random.nextInt(most);
                byte[] data = data(round, count * geometry.blockBytes());
                Segments from = cut(random, unit(session), data.length, session.buffer(), wrapped);
                put(from, data);
                assertThat(session.submit(
                                round % 4 == 0 ? Operation.WRITE_DURABLE : Operation.WRITE, 3, count, from, 1))
                        .isTrue();
                finish(session);
                Segments into = cut(random, unit(session), data.length, wrapped, session.buffer());
                put(into, new byte[data.length]);
                assertThat(session.submit(Operation.READ, 3, count, into, 2)).isTrue();
                finish(session);
                assertThat(get(into)).as("round %s", round).isEqualTo(data);
            }
            assertThat(session.statistics().bouncedTransfers())
                    .as("copied, though all of it is aligned")
                    .isZero();
        }
    }

    /** With as many segments as there can be. */
    @Test
    void theMostSegmentsAreOneTransfer() throws IOException {
        try (UringSession session = writing()) {
            Geometry geometry = session.geometry();
            int unit = unit(session);
            int most = (int) Math.min((long) geometry.maxTransferBlocks() << geometry.blockShift(), 256 << 10);
            int length = Math.max(unit, most / Segments.MOST & -unit);
            int count = Math.min(Segments.MOST, most / length);
            byte[] data = data(9, count * length & -geometry.blockBytes());
            IoBuffer wrapped = session.wrap(aligned(session, 2 * data.length));
            // From the end to the start, each apart from the next.
            Segments segments = new Segments(Segments.MOST);
            for (int i = data.length / length - 1; i >= 0; i--) {
                segments.add(wrapped, 2L * i * length, length);
            }
            assertThat(segments.bytes()).isEqualTo(data.length);
            put(segments, data);
            int blocks = data.length >> geometry.blockShift();
            assertThat(session.submit(Operation.WRITE, 0, blocks, segments, 0)).isTrue();
            finish(session);
            put(segments, new byte[data.length]);
            assertThat(session.submit(Operation.READ, 0, blocks, segments, 0)).isTrue();
            finish(session);
            assertThat(get(segments)).isEqualTo(data);
            assertThat(session.statistics().reads()).isEqualTo(1);
        }
    }

    @Test
    void wrappedMemoryIsReadAndWritten() throws IOException {
        try (UringSession session = writing()) {
            Geometry geometry = session.geometry();
            int bytes = 8 * geometry.blockBytes();
            for (ByteBuffer memory : new ByteBuffer[] {
                aligned(session, 4 * bytes), aligned(session, 4 * bytes + 4).slice(4, 4 * bytes)
            }) {
                IoBuffer wrapped = session.wrap(memory);
                byte[] data = data(memory.hashCode(), bytes);
                int offset = unit(session);
                memory.put(offset, data);
                assertThat(session.submit(Operation.WRITE, 1, 8, wrapped, offset, 1))
                        .isTrue();
                finish(session);
                memory.put(offset, new byte[bytes]);
                assertThat(session.submit(Operation.READ, 1, 8, wrapped, 2L * bytes, 1))
                        .isTrue();
                finish(session);
                byte[] read = new byte[bytes];
                memory.get(2 * bytes, read);
                assertThat(read).isEqualTo(data);
                session.unwrap(wrapped);
                assertThatThrownBy(() -> session.submit(Operation.READ, 1, 8, wrapped, 0, 1))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("not of this session");
            }
            // The second kind is not where direct I/O wants memory.
            assertThat(session.statistics().bouncedTransfers()).isEqualTo(geometry.alignmentBytes() > 4 ? 2 : 0);
        }
    }

    @Test
    void memoryIsGivenBackWhenNothingNamesIt() throws IOException {
        try (UringSession session = writing()) {
            IoBuffer wrapped =
                    session.wrap(aligned(session, 8 * session.geometry().blockBytes()));
            session.submit(Operation.READ, 0, 8, wrapped, 0, 0);
            assertThatThrownBy(() -> session.unwrap(wrapped))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("1 operations in flight");
            finish(session);
            session.unwrap(wrapped);
            session.unwrap(wrapped);
            session.unwrap(session.buffer());
            Exchange.read(session, 0, 1);
        }
    }

    @Test
    void readOnlyMemoryIsWrittenFromAndNotReadInto() throws IOException {
        try (UringSession session = writing()) {
            byte[] data = data(5, session.geometry().blockBytes());
            ByteBuffer memory = aligned(session, data.length).put(0, data);
            IoBuffer wrapped = session.wrap(memory.asReadOnlyBuffer());
            session.submit(Operation.WRITE, 4, 1, wrapped, 0, 0);
            finish(session);
            assertThat(Exchange.read(session, 4, 1)).isEqualTo(data);
            assertThatThrownBy(() -> session.submit(Operation.READ, 4, 1, wrapped, 0, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only buffer");
        }
    }

    @Test
    void memoryOfAnotherSessionOrOfTheHeapIsRefused() throws IOException {
        try (UringSession session = writing();
                UringSession other = device.open(SessionOptions.defaults())) {
            int block = session.geometry().blockBytes();
            for (IoBuffer foreign : new IoBuffer[] {other.buffer(), other.wrap(aligned(session, block))}) {
                assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, foreign, 0, 0))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("not of this session");
                assertThatThrownBy(
                                () -> session.submit(Operation.READ, 0, 1, new Segments(1).add(foreign, 0, block), 0))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("not of this session");
            }
            assertThatThrownBy(() -> session.wrap(ByteBuffer.allocate(4096)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everyOperationIsCheckedAgainstHostileNumbers() throws IOException {
        for (boolean writeable : new boolean[] {true, false}) {
            try (UringSession session = device.open(WRITING.window(5, 60).writeable(writeable))) {
                HostileNumbers.ask(session, 47, 1000);
            }
        }
    }
}
