package io.sluice.system.qtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.AsyncEvent;
import io.sluice.nvme.CommandFailedException;
import io.sluice.nvme.ControllerException;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.PciFunction;
import io.sluice.system.engine.LabDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The driver when the device is in trouble, as far as QEMU can make trouble. Each test has a machine of its own. */
class QtestFaultTest {
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final int BAD_BLOCK = 40;
    private static final int IMAGE_BYTES = 16 << 20;
    private static final SessionOptions OPTIONS =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 16);

    @Test
    void aBlockThatCannotBeReadIsNamedAndItsNeighboursAreRead() throws Exception {
        try (QtestMachine machine = QtestMachine.start(badBlock("read"));
                NvmeController controller = open(machine);
                BlockSession session = controller.namespace(1).open(OPTIONS)) {
            Outcomes outcomes = new Outcomes(session);
            for (int block = BAD_BLOCK - 3; block <= BAD_BLOCK + 3; block++) {
                outcomes.submit(Operation.READ, block, 1);
            }
            outcomes.submit(Operation.READ, BAD_BLOCK - 10, 16);
            outcomes.finish();
            assertThat(outcomes.failures).containsOnlyKeys((long) BAD_BLOCK, BAD_BLOCK - 10L);
            BlockIoException failure = outcomes.failures.get((long) BAD_BLOCK);
            assertThat(failure)
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessage("read of 1 block at block " + BAD_BLOCK
                            + " on qtest:00:04.0/n1: Unrecovered Read Error (2h/81h)");
            assertThat(failure.firstBlock()).isEqualTo(BAD_BLOCK);
            assertThat(failure.blockCount()).isEqualTo(1);
            assertThat(failure.operation()).isEqualTo(Operation.READ);
            assertThat(outcomes.failures.get(BAD_BLOCK - 10L).blockCount()).isEqualTo(16);
            assertThat(session.statistics().failures()).isEqualTo(2);
        }
    }

    @Test
    void aBlockThatCannotBeWrittenIsNamedAndItsNeighboursAreWritten() throws Exception {
        try (QtestMachine machine = QtestMachine.start(badBlock("write"));
                NvmeController controller = open(machine);
                BlockSession session = controller.namespace(1).open(OPTIONS)) {
            Outcomes outcomes = new Outcomes(session);
            for (int block = BAD_BLOCK - 3; block <= BAD_BLOCK + 3; block++) {
                outcomes.submit(Operation.WRITE, block, 1);
            }
            outcomes.finish();
            assertThat(outcomes.failures).containsOnlyKeys((long) BAD_BLOCK);
            assertThat(outcomes.failures.get((long) BAD_BLOCK))
                    .hasMessageContaining("write of 1 block at block " + BAD_BLOCK)
                    .hasMessageContaining("Write Fault (2h/80h");
        }
    }

    @Test
    void aSyncThatFailsIsReported() throws Exception {
        try (QtestMachine machine = QtestMachine.start(blkdebug("flush", ""));
                NvmeController controller = open(machine);
                BlockSession session = controller.namespace(1).open(OPTIONS)) {
            Outcomes outcomes = new Outcomes(session);
            outcomes.submit(Operation.WRITE, 1, 1);
            session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, 99);
            outcomes.finish();
            assertThat(outcomes.failures).containsOnlyKeys(99L);
            assertThat(outcomes.failures.get(99L))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageStartingWith("sync on qtest:00:04.0/n1");
        }
    }

    @Test
    void aControllerThatFailsWhileItIsEnabledIsSaidToHaveFailed() throws Exception {
        try (QtestMachine machine = QtestMachine.start(plain())) {
            // The admin queue at an address that no page starts at.
            PciFunction function = new MisplacedQueue(machine.open());
            assertThatThrownBy(() -> NvmeController.open(function, ControllerOptions.defaults()))
                    .isInstanceOf(ControllerException.class)
                    .hasMessageContaining("failed while it was being enabled")
                    .hasMessageContaining("controller fatal status");
            // The function was closed, and the next open finds the controller in order.
            open(machine).close();
        }
    }

    @Test
    void aControllerThatFailsAtWorkFailsWhatIsInFlightAndClosesAndIsOpenedAgain() throws Exception {
        try (QtestMachine machine = QtestMachine.start(plain())) {
            PciFunction function = machine.open();
            // QEMU does not notice that it cannot read a shadow doorbell, and would see no command at all.
            NvmeController controller =
                    NvmeController.open(function, ControllerOptions.defaults().shadowDoorbells(false));
            BlockSession session = controller.namespace(1).open(OPTIONS);
            Outcomes outcomes = new Outcomes(session);
            // Bus mastering off: the controller cannot read its queues.
            function.config().write32(4, function.config().read32(4) & ~4);
            outcomes.submit(Operation.READ, 1, 1);
            outcomes.submit(Operation.WRITE, 2, 1);
            outcomes.finish();
            assertThat(outcomes.failures).containsOnlyKeys(1L, 2L);
            assertThat(outcomes.failures.get(1L))
                    .isInstanceOf(DeviceGoneException.class)
                    .hasMessageContaining("controller fatal status");
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                    .isInstanceOf(DeviceGoneException.class);
            assertThatThrownBy(() -> session.poll(outcomes, 1)).isInstanceOf(DeviceGoneException.class);
            assertThatThrownBy(controller::smartLog).isInstanceOf(DeviceGoneException.class);
            controller.close();
            open(machine).close();
        }
    }

    @Test
    void aFunctionThatSomebodyResetFailsWhatIsInFlightAndIsOpenedAgain() throws Exception {
        try (QtestMachine machine = QtestMachine.start(plain())) {
            PciFunction function = machine.open();
            NvmeController controller =
                    NvmeController.open(function, ControllerOptions.defaults().adminDeadline(Duration.ofSeconds(1)));
            BlockSession session = controller.namespace(1).open(OPTIONS.deadline(Duration.ofSeconds(1)));
            function.reset();
            Outcomes outcomes = new Outcomes(session);
            outcomes.submit(Operation.READ, 1, 1);
            outcomes.finish();
            assertThat(outcomes.failures.get(1L))
                    .isInstanceOfAny(DeadlineException.class, DeviceGoneException.class)
                    .hasMessageContaining("read of 1 block at block 1");
            assertThatThrownBy(controller::smartLog)
                    .isInstanceOfAny(DeadlineException.class, DeviceGoneException.class);
            try {
                controller.close();
            } catch (IOException notConfirmed) {
                assertThat(notConfirmed).hasMessageContaining("qtest:00:04.0");
            }
            open(machine).close();
        }
    }

    @Test
    void anOperationWithoutAnAnswerIsReportedAtItsDeadlineAndTheSessionStillCloses() throws Exception {
        try (QtestMachine machine = QtestMachine.start(plain())) {
            NvmeController controller = open(machine);
            BlockSession session = controller.namespace(1).open(OPTIONS.deadline(Duration.ofMillis(1500)));
            throttle(machine, 1);
            Outcomes outcomes = new Outcomes(session);
            for (int i = 0; i < 12; i++) {
                outcomes.submit(Operation.READ, i, 1);
            }
            outcomes.finish();
            assertThat(outcomes.failures).isNotEmpty();
            assertThat(outcomes.failures.values())
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(DeadlineException.class)
                            .hasMessageContaining("no answer within 1500 ms"));
            throttle(machine, 0);
            session.close();
            try (BlockSession next = controller.namespace(1).open(OPTIONS)) {
                Outcomes later = new Outcomes(next);
                later.submit(Operation.READ, 1, 1);
                later.finish();
                assertThat(later.failures).isEmpty();
            }
            controller.close();
        }
    }

    @Test
    void aControllerIsClosedWhileItsDeviceDoesNotAnswer() throws Exception {
        try (QtestMachine machine = QtestMachine.start(plain())) {
            NvmeController controller = open(machine);
            BlockSession session = controller.namespace(1).open(OPTIONS.deadline(Duration.ofMillis(300)));
            throttle(machine, 1);
            Outcomes outcomes = new Outcomes(session);
            for (int i = 0; i < 4; i++) {
                outcomes.submit(Operation.READ, i, 1);
            }
            controller.close();
            throttle(machine, 0);
            open(machine).close();
        }
    }

    @Test
    void aSlowDeviceIsNotTakenForADeadOne() throws Exception {
        QtestMachine.Devices slow = directory -> List.of(
                "-drive",
                "if=none,id=d,driver=null-co,size=16M,read-zeroes=on,latency-ns=300000000",
                "-device",
                "nvme,id=n,addr=04.0,serial=slow,drive=d");
        try (QtestMachine machine = QtestMachine.start(slow);
                NvmeController controller = open(machine);
                BlockSession session = controller.namespace(1).open(OPTIONS.deadline(Duration.ofSeconds(20)))) {
            Outcomes outcomes = new Outcomes(session);
            for (int i = 0; i < 5; i++) {
                outcomes.submit(Operation.READ, i, 1);
            }
            outcomes.finish();
            assertThat(outcomes.failures).isEmpty();
            assertThat(outcomes.done).hasSize(5);
        }
    }

    @Test
    void aHealthWarningIsReportedOnceAndTheLogSaysIt() throws Exception {
        try (QtestMachine machine = QtestMachine.start(plain());
                NvmeController controller = open(machine)) {
            warn(machine, 4);
            List<AsyncEvent> events = await(controller);
            assertThat(events).hasSize(1);
            assertThat(events.get(0).type()).isEqualTo(1);
            assertThat(events.get(0).logPage()).isEqualTo(2);
            assertThat(events.get(0).description()).isEqualTo("NVM subsystem reliability");
            assertThat(controller.smartLog().criticalWarning()).isEqualTo(4);
            warn(machine, 0);
            warn(machine, 2);
            assertThat(await(controller)).hasSize(1);
            assertThat(controller.events()).isEmpty();
        }
    }

    private static List<AsyncEvent> await(NvmeController controller) throws IOException {
        List<AsyncEvent> events = new ArrayList<>();
        long start = System.nanoTime();
        while (events.isEmpty() && System.nanoTime() - start < PATIENCE_NANOS) {
            events.addAll(controller.events());
        }
        return events;
    }

    private static void warn(QtestMachine machine, int warning) throws IOException {
        machine.qmp()
                .execute("{\"execute\":\"qom-set\",\"arguments\":{\"path\":\"/machine/peripheral/n\","
                        + "\"property\":\"smart_critical_warning\",\"value\":" + warning + "}}");
    }

    /** Lets so many operations through each second; 0 = all. */
    private static void throttle(QtestMachine machine, int operations) throws IOException {
        machine.qmp()
                .execute("{\"execute\":\"block_set_io_throttle\",\"arguments\":{\"id\":\"n\",\"iops\":" + operations
                        + ",\"iops_rd\":0,\"iops_wr\":0,\"bps\":0,\"bps_rd\":0,\"bps_wr\":0}}");
    }

    private static NvmeController open(QtestMachine machine) throws IOException {
        return NvmeController.open(machine.open(), ControllerOptions.defaults());
    }

    private static QtestMachine.Devices plain() {
        return directory -> List.of(
                "-drive",
                "if=none,id=d,format=raw,file=" + directory.image("d.img", IMAGE_BYTES),
                "-device",
                "nvme,id=n,addr=04.0,serial=plain,drive=d");
    }

    private static QtestMachine.Devices badBlock(String kind) {
        return blkdebug(kind, ",inject-error.0.sector=" + BAD_BLOCK);
    }

    private static QtestMachine.Devices blkdebug(String kind, String more) {
        return directory -> arguments(directory, kind, more);
    }

    private static List<String> arguments(LabDirectory directory, String kind, String more) throws IOException {
        return List.of(
                "-blockdev",
                "driver=file,node-name=f,filename=" + directory.image("d.img", IMAGE_BYTES),
                "-blockdev",
                "driver=blkdebug,node-name=b,image=f,inject-error.0.event=none,inject-error.0.iotype=" + kind
                        + ",inject-error.0.errno=5" + more,
                "-device",
                "nvme,id=n,addr=04.0,serial=bad,drive=b");
    }

    /** Operations whose tag is their block, and how they ended. */
    private static final class Outcomes implements Completion {
        private final BlockSession session;
        private final List<Long> done = new ArrayList<>();
        private final Map<Long, BlockIoException> failures = new TreeMap<>();

        Outcomes(BlockSession session) {
            this.session = session;
        }

        void submit(Operation operation, long block, long count) throws IOException {
            assertThat(session.submit(operation, block, count, session.buffer(), 0, block))
                    .isTrue();
            session.commit();
        }

        void finish() throws IOException {
            session.commit();
            long start = System.nanoTime();
            while (session.inFlight() > 0) {
                session.poll(this, 100);
                assertThat(System.nanoTime() - start)
                        .as("operations never finished")
                        .isLessThan(PATIENCE_NANOS);
            }
        }

        @Override
        public void completed(long tag) {
            done.add(tag);
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            failures.put(tag, failure);
        }
    }
}
