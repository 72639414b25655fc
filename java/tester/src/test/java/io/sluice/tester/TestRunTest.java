package io.sluice.tester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestRunTest {
    private static final int BYTES = 1 << 20;
    private static final long FOREVER = Long.MAX_VALUE;

    private final RamDevice device = new RamDevice("ram", 512, BYTES / 512);

    @AfterEach
    void close() throws IOException {
        device.close();
    }

    private static TestResult run(Target target, Workload... workloads) throws IOException {
        List<Placement> placements = new ArrayList<>();
        for (Workload workload : workloads) {
            placements.add(new Placement(target, workload));
        }
        try (TestRun run = TestRun.open(placements)) {
            return run.run();
        }
    }

    private static Workload.Builder writes(Verification verification) {
        return Workload.builder()
                .name("writes")
                .access(new Access.Random(true))
                .mix(Mix.writes())
                .depth(8, 4)
                .run(FOREVER, BYTES)
                .verification(verification);
    }

    private static Workload.Builder reads(Verification verification) {
        return writes(verification).name("reads").mix(Mix.reads());
    }

    private void damage(long at) throws IOException {
        byte[] noise = new byte[512];
        noise[17] = 99;
        transfer(Operation.WRITE, at, noise);
    }

    /** All of the device. */
    private ByteBuffer contents() throws IOException {
        return transfer(Operation.READ, 0, new byte[BYTES]);
    }

    private ByteBuffer transfer(Operation operation, long at, byte[] bytes) throws IOException {
        try (BlockSession session = device.open(SessionOptions.defaults().writeable(true))) {
            session.buffer().bytes().put(0, bytes);
            assertThat(session.submit(operation, at / 512, bytes.length / 512, session.buffer(), 0, 0))
                    .isTrue();
            session.commit();
            while (session.inFlight() > 0) {
                session.poll(new Nothing(), 1);
            }
            ByteBuffer copy = ByteBuffer.allocate(bytes.length);
            copy.put(0, session.buffer().bytes(), 0, bytes.length);
            return copy;
        }
    }

    private record Nothing() implements Completion {
        @Override
        public void completed(long tag) {}

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }
    }

    static List<Verification> verifications() {
        return List.of(
                Verification.stamped(),
                new Verification.FioHeader(0),
                new Verification.FioHeader(1024),
                new Verification.Repeated("deadbee5f00d"));
    }

    @ParameterizedTest
    @MethodSource("verifications")
    void whatIsWrittenIsReadBackAndFoundRight(Verification verification) throws IOException {
        TestResult written = run(Target.session(device), writes(verification).build());
        TestResult read = run(Target.session(device), reads(verification).build());

        assertThat(written.firstError()).isNull();
        assertThat(written.total().bytes(Operation.WRITE)).isEqualTo(BYTES);
        assertThat(read.firstError()).isNull();
        assertThat(read.total().bytes(Operation.READ)).isEqualTo(BYTES);
    }

    static List<Object[]> places() {
        List<String> places = List.of("block 300: ", "at byte 151552", "at byte 153600", "byte 153600 is 00");
        List<Object[]> both = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            both.add(new Object[] {verifications().get(i), places.get(i)});
        }
        return both;
    }

    @ParameterizedTest
    @MethodSource("places")
    void damageIsFoundAndPlaced(Verification verification, String place) throws IOException {
        assertThat(run(Target.session(device), writes(verification).build()).firstError())
                .isNull();
        damage(300 * 512);

        TestResult read = run(Target.session(device), reads(verification).build());

        assertThat(read.total().errors()).isPositive();
        assertThat(read.firstError()).startsWith("verify: ram, ").contains(place);
    }

    @Test
    void jobsDoTheSameAsSessions() throws IOException {
        assertThat(run(new Target.Jobs(device), writes(Verification.stamped()).build())
                        .firstError())
                .isNull();
        assertThat(run(Target.session(device), reads(Verification.stamped()).build())
                        .firstError())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void channelsDoTheSameAsSessions(boolean asynchronous, @TempDir Path directory) throws IOException {
        Path file = directory.resolve("file");
        Files.write(file, new byte[BYTES]);
        Target target = asynchronous
                ? new Target.AsynchronousChannel(
                        "file",
                        BYTES,
                        512,
                        writeable -> AsynchronousFileChannel.open(file, modes(writeable), ForkJoinPool.commonPool()))
                : new Target.Channel("file", BYTES, 512, writeable -> FileChannel.open(file, modes(writeable)));
        int depth = asynchronous ? 8 : 1;
        Workload writing = writes(Verification.stamped())
                .mix(new Mix(0, 0, 10))
                .depth(depth, 1)
                .build();

        TestResult written = run(target, writing);
        assertThat(written.firstError()).isNull();
        assertThat(written.total().ios(Operation.SYNC)).isEqualTo(BYTES / 4096 / 10);
        assertThat(run(target, reads(Verification.stamped()).depth(depth, 1).build())
                        .firstError())
                .isNull();

        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(BYTES - 4096);
        }
        assertThat(run(target, reads(Verification.none()).depth(depth, 1).build())
                        .firstError())
                .contains("ended at byte " + (BYTES - 4096));
    }

    private static Set<OpenOption> modes(boolean writeable) {
        return writeable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ);
    }

    @Test
    void severalWorkloadsRunAtOnceAndAreCountedApart() throws IOException {
        TestResult result = run(
                Target.session(device),
                reads(Verification.none()).name("a").run(FOREVER, BYTES / 2).build(),
                reads(Verification.none()).name("b").build(),
                writes(Verification.none()).name("c").build());

        assertThat(result.parts())
                .extracting(part -> part.workload().name() + part.tally().bytes())
                .containsExactly("a" + BYTES / 2, "b" + BYTES, "c" + BYTES);
        assertThat(result.total().bytes()).isEqualTo(BYTES / 2 + 2 * BYTES);
    }

    @Test
    void aReplayDoesWhatItsTraceSays() throws IOException {
        byte[] filled = new byte[BYTES];
        Arrays.fill(filled, (byte) 1);
        transfer(Operation.WRITE, 0, filled);
        Trace trace = new Trace.Builder("trace")
                .add(0, Operation.READ, 0, 65536)
                .add(1_000_000, Operation.WRITE_ZEROES, 4096, 8192)
                .add(2_000_000, Operation.SYNC, 0, 0)
                .add(30_000_000, Operation.WRITE, 512, 512)
                .build();
        TestResult result = run(
                Target.session(device),
                Workload.builder()
                        .access(new Access.Replay(trace, true))
                        .depth(4, 4)
                        .run(FOREVER, FOREVER)
                        .build());

        assertThat(result.firstError()).isNull();
        assertThat(result.total().ios()).isEqualTo(3);
        assertThat(result.total().ios(Operation.SYNC)).isEqualTo(1);
        ByteBuffer now = contents();
        assertThat(now.get(0)).isEqualTo((byte) 1);
        assertThat(now.get(1024)).isEqualTo((byte) 1);
        assertThat(now.get(4095)).isEqualTo((byte) 1);
        assertThat(now.get(4096)).isZero();
        assertThat(now.get(12287)).isZero();
        assertThat(now.get(12288)).isEqualTo((byte) 1);
    }

    @Test
    void whatATraceHasBehindTheEndFailsAndIsTold() throws IOException {
        Trace trace = new Trace.Builder("trace")
                .add(0, Operation.READ, BYTES - 512, 1024)
                .add(0, Operation.READ, 0, 512)
                .build();
        TestResult result = run(
                Target.session(device),
                Workload.builder()
                        .access(new Access.Replay(trace, false))
                        .run(FOREVER, FOREVER)
                        .build());

        assertThat(result.total().errors()).isEqualTo(1);
        assertThat(result.total().ios()).isEqualTo(1);
        assertThat(result.firstError()).contains("read of 2 blocks at block 2047");
    }

    @Test
    void sessionsReplayWholeBlocksAndJobsAnyBytes() throws IOException {
        Workload replay = Workload.builder()
                .access(new Access.Replay(
                        new Trace.Builder("trace")
                                .add(0, Operation.WRITE, 512, 512)
                                .add(0, Operation.WRITE, 100, 3)
                                .build(),
                        false))
                .run(FOREVER, FOREVER)
                .build();

        assertThatThrownBy(() -> run(Target.session(device), replay))
                .isInstanceOf(TesterException.class)
                .hasMessageContaining("trace: request 2 has 3 bytes at byte 100");
        assertThat(run(new Target.Jobs(device), replay).total().bytes()).isEqualTo(515);
    }

    @Test
    void aWorkloadStaysInItsWindow() throws IOException {
        Workload window = writes(Verification.stamped())
                .window(BYTES / 4, BYTES / 2)
                .run(FOREVER, 4L * BYTES)
                .build();
        assertThat(run(Target.session(device), window).firstError()).isNull();

        ByteBuffer now = contents();
        for (int at = 0; at < BYTES; at += 512) {
            boolean inside = at >= BYTES / 4 && at < BYTES / 4 * 3;
            // The mark and the checksum of a block that was written.
            assertThat(now.getLong(at + 24) != 0).as("byte %d", at).isEqualTo(inside);
        }
    }

    @Test
    void copyingMovesTheSameData() throws IOException {
        assertThat(run(
                                Target.session(device),
                                reads(Verification.none()).copy(true).build())
                        .total()
                        .bytes())
                .isEqualTo(BYTES);
        assertThat(run(
                                Target.session(device),
                                writes(Verification.none()).copy(true).build())
                        .firstError())
                .isNull();
    }

    @Test
    void theTimeSeriesAddsUpAndTheLogHasEachIo() throws IOException {
        TestResult result = run(
                Target.session(device),
                reads(Verification.none()).interval(1_000_000).logIos(true).build());
        Measured part = result.parts().get(0);

        long ios = 0;
        for (int row = 0; row < part.series().rows(); row++) {
            ios += part.series().get(row, Series.IOS);
        }
        assertThat(ios).isEqualTo(BYTES / 4096);
        assertThat(part.log().rows()).isEqualTo(BYTES / 4096);
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void whatDoesNotFitIsRefusedWithWhatWould(Workload workload, String message) {
        assertThatThrownBy(() -> TestRun.open(List.of(new Placement(Target.session(device), workload))))
                .isInstanceOf(TesterException.class)
                .hasMessageContaining(message);
    }

    static List<Object[]> misfits() {
        return List.<Object[]>of(
                new Object[] {reads(Verification.none()).window(BYTES, 0).build(), "no window can begin"},
                new Object[] {reads(Verification.none()).window(512, BYTES).build(), "has only"},
                new Object[] {
                    reads(Verification.none()).sizes(Sizes.of(2 * BYTES)).build(), "are more than"
                },
                new Object[] {reads(Verification.none()).sizes(Sizes.of(777)).build(), "blocks of 512"},
                new Object[] {reads(Verification.none()).bufferBytes(4096).build(), "need a buffer"},
                new Object[] {
                    writes(Verification.stamped())
                            .sizes(Sizes.of(List.of(new Sizes.Share(512, 50), new Sizes.Share(1024, 50))))
                            .build(),
                    "one size"
                });
    }

    @Test
    void stopEndsARunThatHasNoEnd() throws Exception {
        try (TestRun run = TestRun.open(List.of(
                new Placement(
                        Target.session(device),
                        reads(Verification.none()).run(FOREVER, FOREVER).build()),
                new Placement(
                        Target.session(device),
                        reads(Verification.none()).run(FOREVER, FOREVER).build())))) {
            Thread stopper = new Thread(() -> {
                while (run.done() < 1000) {
                    Thread.onSpinWait();
                }
                run.stop();
            });
            stopper.start();
            TestResult result = run.run();
            stopper.join();
            assertThat(result.total().ios()).isGreaterThanOrEqualTo(1000);
        }
    }
}
