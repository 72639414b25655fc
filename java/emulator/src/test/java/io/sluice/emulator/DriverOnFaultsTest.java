package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerException;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.LocalFunction;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver makes of each fault. */
class DriverOnFaultsTest {
    private static final Duration SOON = Duration.ofMillis(200);

    /** A controller with faults, the driver, and a session on namespace 1. */
    private static final class Rig implements Closeable, Completion {
        private final EmulatedController controller;
        private final NvmeController driver;
        private final BlockSession session;
        private final List<Long> done = new ArrayList<>();
        private final List<BlockIoException> failures = new ArrayList<>();

        Rig(String... faults) throws IOException {
            controller = controller();
            driver = NvmeController.open(
                    LocalFunction.owning(controller),
                    ControllerOptions.defaults().adminDeadline(SOON).shutdownDeadline(SOON));
            session = driver.namespace(1)
                    .open(SessionOptions.defaults()
                            .writeable(true)
                            .bufferBytes(1 << 16)
                            .deadline(SOON));
            for (String fault : faults) {
                controller.inject(Fault.parse(fault));
            }
        }

        @Override
        public void completed(long tag) {
            done.add(tag);
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            failures.add(failure);
        }

        void submit(Operation operation, long block, int count) throws IOException {
            assertThat(session.submit(operation, block, count, session.buffer(), 0, block))
                    .isTrue();
        }

        void finish() throws IOException {
            session.commit();
            while (session.inFlight() > 0) {
                if (session.poll(this, 64) == 0) {
                    session.await(1_000_000_000);
                }
            }
        }

        /** Null when it was done. */
        @Nullable
        BlockIoException perform(Operation operation, long block, int count) throws IOException {
            int before = failures.size();
            submit(operation, block, count);
            finish();
            return failures.size() == before ? null : failures.get(before);
        }

        byte[] pattern(int seed, int count) {
            byte[] data = new byte[count * 512];
            new Random(seed).nextBytes(data);
            session.buffer().bytes().put(0, data);
            return data;
        }

        byte[] read(long block, int count) throws IOException {
            assertThat(perform(Operation.READ, block, count)).isNull();
            byte[] data = new byte[count * 512];
            session.buffer().bytes().get(0, data);
            return data;
        }

        @Override
        public void close() throws IOException {
            assertThat(controller.failure()).isNull();
            controller.clearFaults();
            driver.close();
        }
    }

    private static EmulatedController controller(String... faults) throws IOException {
        EmulatedController.Builder builder = EmulatedController.builder().namespace(new RamDevice("ram", 512, 4096));
        for (String fault : faults) {
            builder.fault(Fault.parse(fault));
        }
        return builder.build();
    }

    private static NvmeController open(String... faults) throws IOException {
        return NvmeController.open(
                LocalFunction.owning(controller(faults)),
                ControllerOptions.defaults().adminDeadline(SOON).shutdownDeadline(SOON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop:once", "corrupt:field=cid:once", "corrupt:field=sqid:once", "ignored-doorbell:once"})
    void aCommandWithoutAnAnswerIsReportedWhenItsTimeIsOver(String fault) throws IOException {
        try (Rig rig = new Rig(fault)) {
            assertThat(rig.perform(Operation.READ, 5, 1))
                    .isInstanceOf(DeadlineException.class)
                    .hasMessageContaining("read of 1 block at block 5")
                    .hasMessageContaining("200 ms");
            assertThat(rig.perform(Operation.READ, 6, 1)).isNull();
        }
    }

    @Test
    void anAnswerThatCannotBeSeenIsMissedAndTheNextIsNot() throws IOException {
        try (Rig rig = new Rig("corrupt:field=phase:once")) {
            assertThat(rig.perform(Operation.READ, 5, 1)).isInstanceOf(DeadlineException.class);
            assertThat(rig.perform(Operation.READ, 6, 1)).isNull();
        }
    }

    @Test
    void anAnswerThatComesTwiceCountsOnce() throws IOException {
        try (Rig rig = new Rig("duplicate")) {
            for (int i = 0; i < 300; i++) {
                assertThat(rig.perform(Operation.READ, i, 1)).isNull();
            }
            assertThat(rig.done).hasSize(300);
            // The second answer to the last may still be on its way, and a full completion queue, once in 128, has room
            // for one.
            assertThat(rig.session.statistics().strays()).isGreaterThanOrEqualTo(295);
        }
    }

    @Test
    void anAnswerThatComesTooLateIsNotTakenForAnothers() throws IOException {
        try (Rig rig = new Rig("delay:by=400ms:once")) {
            assertThat(rig.perform(Operation.READ, 5, 1)).isInstanceOf(DeadlineException.class);
            for (int i = 0; i < 200; i++) {
                assertThat(rig.perform(Operation.READ, 6, 1)).isNull();
            }
            RawHost.await("the late answer", () -> {
                try {
                    return rig.session.poll(rig, 1) == 0
                            && rig.session.statistics().strays() == 1;
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            });
            assertThat(rig.done).hasSize(200);
        }
    }

    @Test
    void aDelayedAnswerWithinTheTimeIsAnAnswer() throws IOException {
        try (Rig rig = new Rig("delay:by=20ms:times=3")) {
            for (int i = 0; i < 4; i++) {
                assertThat(rig.perform(Operation.READ, i, 1)).isNull();
            }
        }
    }

    @Test
    void aBadBlockFailsWhatTouchesItAndNothingElse() throws IOException {
        try (Rig rig = new Rig("status:code=281:op=read:lba=100")) {
            for (int round = 0; round < 3; round++) {
                assertThat(rig.perform(Operation.READ, 96, 8))
                        .hasMessageContaining("read of 8 blocks at block 96")
                        .hasMessageContaining("Unrecovered Read Error");
                assertThat(rig.perform(Operation.READ, 96, 4)).isNull();
                assertThat(rig.perform(Operation.READ, 101, 8)).isNull();
                assertThat(rig.perform(Operation.WRITE, 100, 1)).isNull();
            }
        }
    }

    @Test
    void aBlockThatWasBadOnceIsReadTheSecondTime() throws IOException {
        try (Rig rig = new Rig("status:code=281:lba=100:once")) {
            assertThat(rig.perform(Operation.READ, 100, 1)).hasMessageContaining("Unrecovered Read Error");
            assertThat(rig.perform(Operation.READ, 100, 1)).isNull();
        }
    }

    @Test
    void aFailedSyncIsReportedAndStaysFailed() throws IOException {
        try (Rig rig = new Rig("status:code=280:op=flush:once")) {
            rig.submit(Operation.WRITE, 3, 1);
            assertThat(rig.perform(Operation.SYNC, 0, 0)).hasMessageContaining("Write Fault");
            assertThat(rig.perform(Operation.SYNC, 0, 0))
                    .hasMessageContaining("an earlier sync failed")
                    .hasMessageContaining("Write Fault");
        }
    }

    @Test
    void dataIsTornStaleMisdirectedOrFlippedAsTold() throws IOException {
        try (Rig rig = new Rig()) {
            byte[] old = rig.pattern(1, 8);
            assertThat(rig.perform(Operation.WRITE, 0, 8)).isNull();
            byte[] fresh = rig.pattern(2, 8);
            rig.controller.inject(Fault.parse("torn:op=write:once"));
            assertThat(rig.perform(Operation.WRITE, 0, 8)).isNull();
            byte[] torn = old.clone();
            System.arraycopy(fresh, 0, torn, 0, 4 * 512);
            assertThat(rig.read(0, 8)).isEqualTo(torn);

            rig.pattern(3, 8);
            rig.controller.inject(Fault.parse("stale:op=write:once"));
            assertThat(rig.perform(Operation.WRITE, 0, 8)).isNull();
            assertThat(rig.read(0, 8)).isEqualTo(torn);

            byte[] elsewhere = rig.pattern(4, 8);
            rig.controller.inject(Fault.parse("misdirected:by=32:op=write:once"));
            assertThat(rig.perform(Operation.WRITE, 0, 8)).isNull();
            assertThat(rig.read(0, 8)).isEqualTo(torn);
            assertThat(rig.read(32, 8)).isEqualTo(elsewhere);

            for (String operation : List.of("read", "write")) {
                byte[] right = rig.pattern(5, 8);
                rig.controller.inject(Fault.parse("flipped:op=" + operation + ":once"));
                assertThat(rig.perform(Operation.WRITE, 64, 8)).isNull();
                byte[] wrong = rig.read(64, 8);
                int bits = 0;
                for (int i = 0; i < wrong.length; i++) {
                    bits += Integer.bitCount((wrong[i] ^ right[i]) & 0xff);
                }
                assertThat(bits).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fatal", "status-all-ones:once", "removed:once"})
    void aControllerThatFailsFailsWhatIsInFlight(String fault) throws IOException {
        Rig rig = new Rig(fault + ":after=4");
        for (int i = 0; i < 8; i++) {
            rig.submit(Operation.READ, i, 1);
        }
        rig.finish();
        assertThat(rig.done.size() + rig.failures.size()).isEqualTo(8);
        if (!fault.startsWith("status")) {
            assertThat(rig.failures)
                    .hasSize(4)
                    .allSatisfy(failure -> assertThat(failure).isInstanceOf(DeviceGoneException.class));
        }
        if (fault.startsWith("removed")) {
            assertThatThrownBy(rig.driver::smartLog).isInstanceOf(BlockIoException.class);
        }
        try {
            rig.close();
        } catch (IOException cannotBeShutDown) {
            assertThat(cannotBeShutDown).isInstanceOfAny(BlockIoException.class, ControllerException.class);
        }
    }

    /** Compiled code hears of a store that reached nothing a little later, be it in its caller (see RegisterSpace#mapped). */
    @Test
    void registersThatFaultFailWhatIsInFlightAndTheNextHostIsServed() throws Exception {
        EmulatedController controller = controller("removed:registers=fault:queue=io:after=4:once");
        LocalFunction function = LocalFunction.connect(controller);
        NvmeController driver = NvmeController.open(
                function, ControllerOptions.defaults().adminDeadline(SOON).shutdownDeadline(SOON));
        BlockSession session =
                driver.namespace(1).open(SessionOptions.defaults().deadline(SOON));
        ByteBuffer doorbells = function.bar(0).mapped(0x1000, 8);
        List<BlockIoException> failures = new ArrayList<>();
        List<Long> done = new ArrayList<>();
        Completion collect = new Completion() {
            @Override
            public void completed(long tag) {
                done.add(tag);
            }

            @Override
            public void failed(long tag, BlockIoException failure) {
                failures.add(failure);
            }
        };
        for (int i = 0; i < 8; i++) {
            assertThat(session.submit(Operation.READ, i, 1, session.buffer(), 0, i))
                    .isTrue();
        }
        session.commit();
        while (session.inFlight() > 0) {
            session.poll(collect, 8);
        }
        assertThat(done).hasSize(4);
        assertThat(failures)
                .hasSize(4)
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(DeviceGoneException.class));
        assertThat(function.bar(0).read32(0)).isEqualTo(-1);
        assertThat(storesFault(doorbells)).as("stores to the doorbells fault").isTrue();
        // Closing rings doorbells too, and what a thread hears late ends with the thread.
        closeInAThreadOfItsOwn(driver);
        closeInAThreadOfItsOwn(function);

        try (NvmeController next =
                NvmeController.open(LocalFunction.owning(controller), ControllerOptions.defaults())) {
            assertThat(next.smartLog().criticalWarning()).isZero();
        }
    }

    /** Stores until the JVM tells of it, which it does where compiled code stops for a collection. */
    private static boolean storesFault(ByteBuffer doorbells) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        Thread collector = new Thread(() -> {
            while (!over.get()) {
                System.gc();
            }
        });
        collector.start();
        long start = System.nanoTime();
        try {
            while (System.nanoTime() - start < 20_000_000_000L) {
                doorbells.putInt(0, 1);
            }
            return false;
        } catch (InternalError expected) {
            return true;
        } finally {
            over.set(true);
            collector.join();
        }
    }

    private static void closeInAThreadOfItsOwn(Closeable opened) throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                opened.close();
            } catch (IOException | InternalError gone) {
                // Neither can the controller be shut down, nor its doorbells be rung.
                assertThat(gone).isNotNull();
            }
        });
        thread.start();
        thread.join();
    }

    @Test
    void aControllerThatFailsWhileItIsEnabledIsNotOpened() {
        assertThatThrownBy(() -> open("fatal:at=enable"))
                .isInstanceOf(ControllerException.class)
                .hasMessageContaining("controller fatal status");
    }

    @Test
    void aControllerThatGetsWellIsOpenedTheNextTime() throws IOException {
        EmulatedController controller = controller("fatal:at=enable:once");
        assertThatThrownBy(() -> NvmeController.open(LocalFunction.connect(controller), ControllerOptions.defaults()))
                .isInstanceOf(ControllerException.class);
        NvmeController.open(LocalFunction.owning(controller), ControllerOptions.defaults())
                .close();
    }

    @Test
    void aControllerThatNeverGetsReadyIsNotOpened() {
        assertThatThrownBy(() -> NvmeController.open(
                        LocalFunction.owning(EmulatedController.builder()
                                .namespace(new RamDevice("ram", 512, 8))
                                .readyTimeoutMillis(500)
                                .fault(Fault.parse("never-ready"))
                                .build()),
                        ControllerOptions.defaults()))
                .isInstanceOf(ControllerException.class)
                .hasMessageContaining("not ready within 500 ms");
    }

    @Test
    void aControllerThatDoesNotStopIsNotTakenForStopped() throws IOException {
        EmulatedController controller = EmulatedController.builder()
                .namespace(new RamDevice("ram", 512, 8))
                .readyTimeoutMillis(500)
                .fault(Fault.parse("always-ready"))
                .build();
        NvmeController driver = NvmeController.open(LocalFunction.owning(controller), ControllerOptions.defaults());
        assertThatThrownBy(driver::close)
                .isInstanceOf(ControllerException.class)
                .hasMessageContaining("did not stop within 500 ms");
    }

    @Test
    void aShutdownThatHangsIsGivenUpAndTold() throws IOException {
        NvmeController driver = open("hung-shutdown");
        assertThatThrownBy(driver::close)
                .isInstanceOf(ControllerException.class)
                .hasMessageContaining("did not confirm its shutdown");
    }

    @Test
    void aLostInterruptDelaysAndLosesNothing() throws IOException {
        try (Rig rig = new Rig("lost-interrupt");
                BlockSession session =
                        rig.driver.namespace(1).open(SessionOptions.defaults().interrupts(true))) {
            assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 7))
                    .isTrue();
            session.commit();
            while (session.inFlight() > 0) {
                if (session.poll(rig, 1) == 0) {
                    session.await(1_000_000_000);
                }
            }
            assertThat(rig.done).containsExactly(7L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lie:cns=0:offset=128:value=00000000", // blocks of one byte
                "lie:cns=0:offset=128:value=00001f00", // blocks of 2 GiB
                "lie:cns=0:offset=128:value=08000900", // with metadata
                "lie:cns=0:offset=0:value=ffffffffffffffff", // 2^64-1 blocks
                "lie:cns=0:offset=26:value=0f", // a format that is not there
                "lie:cns=2:offset=0:value=ffffffff",
                "lie:cns=2:offset=0:value=0500000001000000", // not ascending
            })
    void whatANamespaceCannotBeIsNotBelieved(String fault) throws IOException {
        try (NvmeController driver = open(fault)) {
            assertThatThrownBy(() -> {
                        List<Integer> ids = driver.namespaceIds();
                        driver.namespace(1);
                        assertThat(ids).isEqualTo(List.of(1));
                    })
                    .isInstanceOfAny(ControllerException.class, AssertionError.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lie:cns=1:offset=77:value=ff", // MDTS 255
                "lie:cns=1:offset=77:value=33",
                "lie:cns=1:offset=512:value=77", // entries of 128 bytes
                "lie:cns=1:offset=513:value=55",
            })
    void whatAControllerCannotBeIsNotBelieved(String fault) {
        assertThatThrownBy(() -> open(fault)).isInstanceOf(ControllerException.class);
    }

    @Test
    void namesThatAreNoTextAreShownAsFarAsTheyGo() throws IOException {
        try (NvmeController driver = open("lie:cns=1:offset=4:value=41ff00420a43")) {
            assertThat(driver.identify().serialNumber()).startsWith("A? B?C");
        }
    }

    @Test
    void adminCommandsWithoutAnAnswerEndInTime() throws IOException {
        try (Rig rig = new Rig("drop:queue=admin:op=get-log:times=2")) {
            assertThatThrownBy(rig.driver::smartLog)
                    .isInstanceOf(DeadlineException.class)
                    .hasMessageContaining("Get Log Page 02h");
            assertThatThrownBy(rig.driver::firmwareLog).isInstanceOf(DeadlineException.class);
            assertThat(rig.driver.smartLog().criticalWarning()).isZero();
        }
    }
}
