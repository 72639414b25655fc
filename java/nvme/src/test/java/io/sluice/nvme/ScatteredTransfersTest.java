package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.sluice.block.BlockIoException;
import io.sluice.block.DeadlineException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How memory in several places and memory of others is described, copied and let go of, seen from the controller. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScatteredTransfersTest {
    private static final int PAGE = 4096;
    private static final int SGL_SUPPORT = 536;
    private static final SessionOptions LARGE = ScriptedSession.WRITEABLE.bufferBytes(4 << 20);

    private final Random random = new Random(5);

    private static ScriptedController device(int sglSupport) {
        ScriptedController device = new ScriptedController();
        device.identity().putInt(SGL_SUPPORT, sglSupport);
        // No limit for a transfer but that of the session's buffer.
        device.identity().put(77, (byte) 0);
        return device;
    }

    private static ScriptedSession open(ScriptedController device, SessionOptions options, SglUse use)
            throws IOException {
        return ScriptedSession.open(
                device, options, ControllerOptions.defaults().sglUse(use));
    }

    private static ByteBuffer pages(int count) {
        return ByteBuffer.allocateDirect((count + 1) * PAGE).alignedSlice(PAGE).slice(0, count * PAGE);
    }

    private void fill(IoBuffer memory) {
        for (int at = 0; at + 8 <= memory.size(); at += 8) {
            memory.bytes().putLong(at, random.nextLong());
        }
    }

    private static byte[] bytes(Segments segments) {
        byte[] data = new byte[(int) segments.bytes()];
        int at = 0;
        for (int i = 0; i < segments.count(); i++) {
            segments.memory(i).bytes().get(segments.offset(i), data, at, segments.length(i));
            at += segments.length(i);
        }
        return data;
    }

    private SubmissionEntry submit(ScriptedSession s, Operation operation, Segments segments, long tag)
            throws IOException {
        assertThat(s.session().submit(operation, 0, segments.bytes() / 512, segments, tag))
                .isTrue();
        return s.commitAndFetchOne();
    }

    private void complete(ScriptedSession s, SubmissionEntry command) throws IOException {
        s.queue().complete(command);
        assertThat(s.poll()).isEqualTo(1);
    }

    /** Segments of so many bytes together, most of them whole pages where {@code paged}. */
    private Segments cut(int bytes, boolean paged, IoBuffer... memories) {
        Segments segments = new Segments(Segments.MOST);
        int left = bytes;
        int most = 1 + random.nextInt(Segments.MOST - 1);
        while (left > 0) {
            IoBuffer memory = memories[random.nextInt(memories.length)];
            boolean first = segments.count() == 0;
            int length;
            int offset;
            if (paged) {
                int skip = first ? 4 * random.nextInt(PAGE / 4) : 0;
                length = PAGE * (1 + random.nextInt(1 + Math.min(16, left / PAGE))) - skip;
                offset = PAGE * random.nextInt(memory.size() / PAGE - 20) + skip;
            } else {
                length = 4 * (1 + random.nextInt(1 + 2 * bytes / (4 * most)));
                offset = 4 * random.nextInt((memory.size() - bytes) / 4);
            }
            length = segments.count() == Segments.MOST - 1 ? left : Math.min(left, length);
            if (offset + length > memory.size()) {
                offset = paged ? 0 : memory.size() - length;
            }
            segments.add(memory, offset, length);
            left -= length;
        }
        return segments;
    }

    @ParameterizedTest
    @EnumSource
    void theControllerFindsTheBytesOfTheSegments(SglUse use) throws IOException {
        ScriptedController device = device(1);
        try (ScriptedSession s = open(device, LARGE, use)) {
            PointerWalker walker = new PointerWalker(device, PAGE);
            IoBuffer wrapped = s.session().wrap(pages(1024));
            fill(wrapped);
            fill(s.session().buffer());
            int mostLists = 0;
            for (int round = 0; round < 300; round++) {
                int count = 1 + random.nextInt(random.nextBoolean() ? 16 : 4096);
                boolean paged = random.nextBoolean();
                Segments segments = cut(count * 512, paged, s.session().buffer(), wrapped);
                byte[] expected = bytes(segments);
                SubmissionEntry command = submit(s, Operation.WRITE, segments, round);
                segments.clear();
                assertThat(walker.read(command, expected.length)).isEqualTo(expected);
                boolean sgl = use == SglUse.ALWAYS || (use == SglUse.WHERE_NEEDED && command.flags() != 0);
                assertThat(command.flags()).isEqualTo(sgl ? 1 << 6 : 0);
                mostLists = Math.max(mostLists, walker.lists());
                complete(s, command);
            }
            assertThat(mostLists).as("lists went on from page to page").isGreaterThan(1);
            long bounced = s.session().statistics().bouncedTransfers();
            if (use == SglUse.NEVER) {
                assertThat(bounced).isPositive();
            } else {
                assertThat(bounced).isZero();
            }
        }
    }

    @ParameterizedTest(name = "pages of {0} bytes, memory {1} bytes off a page")
    @CsvSource({"8192, 0", "65536, 0", "65536, 12288"})
    void pagesOfTheControllerCountNotThoseOfTheMachine(int pageBytes, int addressOffset) throws IOException {
        ScriptedController device = device(0);
        int shift = Integer.numberOfTrailingZeros(pageBytes) - 12;
        device.capabilities((device.capabilities() & ~(0xffL << 48)) | (long) shift << 48 | 0xfL << 52);
        device.addressOffset(addressOffset);
        try (ScriptedSession s = open(device, LARGE, SglUse.NEVER)) {
            PointerWalker walker = new PointerWalker(device, pageBytes);
            IoBuffer wrapped = s.session().wrap(pages(256));
            fill(wrapped);
            for (int round = 0; round < 200; round++) {
                int count = 1 + random.nextInt(1024);
                int offset = 4 * random.nextInt((wrapped.size() - count * 512) / 4 + 1);
                Segments segments = new Segments(1).add(wrapped, offset, count * 512L);
                SubmissionEntry command = submit(s, Operation.WRITE, segments, round);
                assertThat(walker.read(command, count * 512)).isEqualTo(bytes(segments));
                complete(s, command);
            }
            assertThat(s.session().statistics().bouncedTransfers()).isZero();
        }
    }

    @Test
    void anSglHasNoMoreDescriptorsThanTheControllerWants() throws IOException {
        ScriptedController device = device(1 | 3 << 8);
        try (ScriptedSession s = open(device, LARGE, SglUse.WHERE_NEEDED)) {
            IoBuffer buffer = s.session().buffer();
            Segments segments =
                    new Segments(4).add(buffer, 4, 128).add(buffer, 400, 128).add(buffer, 800, 256);
            SubmissionEntry three = submit(s, Operation.WRITE, segments, 1);
            assertThat(three.flags()).isEqualTo(1 << 6);
            complete(s, three);
            segments.clear()
                    .add(buffer, 4, 128)
                    .add(buffer, 400, 128)
                    .add(buffer, 800, 128)
                    .add(buffer, 1200, 128);
            SubmissionEntry four = submit(s, Operation.WRITE, segments, 2);
            assertThat(four.flags()).isZero();
            complete(s, four);
            assertThat(s.session().statistics().sglTransfers()).isEqualTo(1);
            assertThat(s.session().statistics().prpTransfers()).isEqualTo(1);
            assertThat(s.session().statistics().bouncedTransfers()).isEqualTo(1);
            assertThat(s.session().statistics().bouncedBytes()).isEqualTo(512);
        }
    }

    @Test
    void whatTheControllerDoesNotReachIsCopied() throws IOException {
        ScriptedController device = device(1);
        try (ScriptedSession s = open(device, LARGE, SglUse.WHERE_NEEDED)) {
            ByteBuffer guest = pages(2).slice(4, 4096);
            IoBuffer wrapped = s.session().wrap(guest);
            fill(wrapped);
            PointerWalker walker = new PointerWalker(device, PAGE);
            assertThat(s.session().submit(Operation.WRITE, 0, 8, wrapped, 0, 1)).isTrue();
            SubmissionEntry write = s.commitAndFetchOne();
            assertThat(walker.read(write, 4096)).isEqualTo(bytes(new Segments(1).add(wrapped, 0, 4096)));
            complete(s, write);

            assertThat(s.session().submit(Operation.READ, 0, 1, wrapped, 512, 2))
                    .isTrue();
            SubmissionEntry read = s.commitAndFetchOne();
            guest.putLong(512, 1);
            device.memory(read.pointer1(), 512).putLong(0, 4711).putLong(504, 4712);
            assertThat(guest.getLong(512)).as("not before it is complete").isEqualTo(1);
            complete(s, read);
            assertThat(wrapped.bytes().getLong(512)).isEqualTo(4711);
            assertThat(wrapped.bytes().getLong(512 + 504)).isEqualTo(4712);
            assertThat(s.session().statistics().bouncedTransfers()).isEqualTo(2);
            assertThat(s.session().statistics().bouncedBytes()).isEqualTo(4608);
        }
    }

    @Test
    void aReadThatFailedCopiesNothing() throws IOException {
        ScriptedController device = device(0);
        try (ScriptedSession s = open(device, LARGE, SglUse.NEVER)) {
            ByteBuffer guest = pages(2).slice(4, 512);
            IoBuffer wrapped = s.session().wrap(guest);
            s.session().submit(Operation.READ, 0, 1, wrapped, 0, 1);
            SubmissionEntry read = s.commitAndFetchOne();
            device.memory(read.pointer1(), 512).putLong(0, 4711);
            s.queue().post(read.commandId(), 0x281, 0);
            s.poll();

            assertThat(s.recorder().failure(1)).isInstanceOf(CommandFailedException.class);
            assertThat(guest.getLong(0)).isZero();
            assertThat(s.session().statistics().bouncedTransfers()).isZero();
            assertThat(s.session().statistics().failures()).isEqualTo(1);
            s.session().unwrap(wrapped);
        }
    }

    @Test
    void memoryOfAGivenUpOperationIsNotTakenAwayBeforeItsAnswer() throws IOException {
        ScriptedController device = device(1);
        SessionOptions impatient = LARGE.deadline(Duration.ofMillis(30));
        try (ScriptedSession s = open(device, impatient, SglUse.WHERE_NEEDED)) {
            IoBuffer wrapped = s.session().wrap(pages(1));
            int mapped = device.memories();
            s.session().submit(Operation.READ, 0, 1, wrapped, 0, 1);
            SubmissionEntry late = s.commitAndFetchOne();
            while (s.session().inFlight() > 0) {
                s.poll();
            }
            assertThat(s.recorder().failure(1)).isInstanceOf(DeadlineException.class);
            assertThatThrownBy(() -> s.session().unwrap(wrapped))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("given up");
            // Pages for lists were allocated with the transfer.
            assertThat(device.memories()).isGreaterThan(mapped);
            int before = device.memories();

            s.queue().complete(late);
            assertThat(s.poll()).isZero();
            s.session().unwrap(wrapped);
            assertThat(device.memories()).isEqualTo(before - 1);
        }
    }

    @Test
    void memoryThatTheDeviceDoesNotLetGoOfIsSaidToBeStuckEachTimeAndTheSessionEndsAllTheSame() throws IOException {
        ScriptedController device = device(0);
        try (ScriptedSession s = open(device, LARGE, SglUse.WHERE_NEEDED)) {
            int left = s.controller().namespace(1).sessionsLeft();
            IoBuffer stuck = s.session().wrap(pages(1));
            s.session().wrap(pages(1));
            int mapped = device.memories();
            device.keep(((NvmeMemory) stuck).deviceAddress());
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> s.session().unwrap(stuck))
                        .isInstanceOf(BlockIoException.class)
                        .hasMessageContaining("may still reach the memory");
            }
            AtomicBoolean ended = new AtomicBoolean();
            s.session().whenEnded(() -> ended.set(true));

            assertThatThrownBy(() -> s.session().close())
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("may still reach memory that was wrapped");

            assertThat(ended).as("the queues are deleted").isTrue();
            assertThat(s.controller().namespace(1).sessionsLeft()).isEqualTo(left + 1);
            assertThat(device.memories()).as("all other memory is free").isLessThan(mapped - 1);
        }
    }

    @Test
    void aSessionWhoseQueuesWereNotConfirmedToBeDeletedEndsWithTheController() throws IOException {
        ScriptedController device = device(0);
        AtomicBoolean ended = new AtomicBoolean();
        try (ScriptedSession s = open(device, LARGE, SglUse.WHERE_NEEDED)) {
            s.session().whenEnded(() -> ended.set(true));
            device.refuse(0x00, 0x06);

            assertThatThrownBy(() -> s.session().close()).isInstanceOf(BlockIoException.class);

            assertThat(ended).as("the controller may still have the queues").isFalse();
        }
        assertThat(ended).isTrue();
    }

    @Test
    void aLateAnswerCopiesNothing() throws IOException {
        ScriptedController device = device(0);
        SessionOptions impatient = LARGE.deadline(Duration.ofMillis(30));
        try (ScriptedSession s = open(device, impatient, SglUse.NEVER)) {
            ByteBuffer guest = pages(2).slice(4, 512);
            IoBuffer wrapped = s.session().wrap(guest);
            s.session().submit(Operation.READ, 0, 1, wrapped, 0, 1);
            SubmissionEntry late = s.commitAndFetchOne();
            while (s.session().inFlight() > 0) {
                s.poll();
            }
            device.memory(late.pointer1(), 512).putLong(0, 4711);
            s.queue().complete(late);
            s.poll();
            assertThat(guest.getLong(0)).isZero();
            s.session().unwrap(wrapped);
        }
    }

    @Test
    void memoryForCopiesThatGivenUpOperationsHaveIsSaidToBeGone() throws IOException {
        ScriptedController device = device(0);
        SessionOptions impatient = ScriptedSession.WRITEABLE.bufferBytes(4096).deadline(Duration.ofMillis(30));
        try (ScriptedSession s = open(device, impatient, SglUse.NEVER)) {
            Segments halves = new Segments(2)
                    .add(s.session().buffer(), 4, 2048)
                    .add(s.session().buffer(), 2048, 2048);
            int taken = 0;
            while (s.session().submit(Operation.READ, 0, 8, halves, taken)) {
                taken++;
            }
            assertThat(taken).isBetween(1, s.session().queueDepth() - 1);
            s.session().commit();
            while (s.session().inFlight() > 0) {
                s.poll();
            }
            assertThatThrownBy(() -> s.session().submit(Operation.READ, 0, 8, halves, 99))
                    .isInstanceOf(DeadlineException.class)
                    .hasMessageContaining("memory for copies");
            // What needs no copy still goes.
            assertThat(s.session().submit(Operation.READ, 0, 1, s.session().buffer(), 0, 100))
                    .isTrue();
        }
    }

    @Test
    void closingTheSessionTakesAllItsMemoryFromTheController() throws IOException {
        ScriptedController device = device(1);
        NvmeController controller =
                NvmeController.open(device, ControllerOptions.defaults().sglUse(SglUse.WHERE_NEEDED));
        int before = device.memories();
        NvmeSession session = controller.namespace(1).open(LARGE);
        IoBuffer first = session.wrap(pages(1));
        IoBuffer second = session.wrap(pages(2).slice(4, 4096));
        session.submit(Operation.READ, 0, 2, new Segments(2).add(first, 0, 512).add(first, 1024, 512), 0);
        session.submit(Operation.READ, 0, 1, second, 0, 1);
        session.commit();
        int opened = device.memories();
        ScriptedQueue queue = device.queue(session.queueId());
        int ignored = queue.completeAll();
        session.close();

        assertThat(opened - before)
                .as("queues, buffer, lists, copies, other memory")
                .isEqualTo(5);
        assertThat(device.memories()).isEqualTo(before);
        controller.close();
    }

    @Test
    void segmentsAndCopiesAllocateNothing() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ScriptedController device = device(1);
        try (ScriptedSession s = open(device, LARGE, SglUse.WHERE_NEEDED)) {
            Counting counting = new Counting();
            Segments segments = new Segments(4);
            IoBuffer reachable = s.session().wrap(pages(4));
            IoBuffer other = s.session().wrap(pages(4).slice(4, 8192));
            perform(s, counting, segments, reachable, other, 20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            perform(s, counting, segments, reachable, other, 40_000);
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            // What the compiler does meanwhile may cost a little, but not for each transfer.
            assertThat(bytes).isLessThan(40_000);
        }
    }

    private static final class Counting implements io.sluice.block.Completion {
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

    private static void perform(
            ScriptedSession s, Counting counting, Segments segments, IoBuffer reachable, IoBuffer other, int times)
            throws IOException {
        NvmeSession session = s.session();
        long until = counting.done + 4L * times;
        for (int i = 0; i < times; i++) {
            boolean taken = session.submit(Operation.READ, i, 2, reachable, 4, 0);
            taken &= session.submit(Operation.READ, i, 2, other, 4, 1);
            segments.clear().add(reachable, 4, 508).add(reachable, 4096, 4).add(reachable, 8, 512);
            taken &= session.submit(Operation.WRITE, i, 2, segments, 2);
            segments.clear().add(other, 4, 512).add(reachable, 4096, 512);
            taken &= session.submit(Operation.READ, i, 2, segments, 3);
            if (!taken) {
                throw new AssertionError("the session is full");
            }
            session.commit();
            int ignored = s.queue().completeAll();
            int reported = session.poll(counting, 4);
            if (reported != 4) {
                throw new AssertionError(reported + " were reported");
            }
        }
        assertThat(counting.done).isEqualTo(until);
    }
}
