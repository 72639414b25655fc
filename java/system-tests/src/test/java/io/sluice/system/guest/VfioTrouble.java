package io.sluice.system.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.PciFunction;
import io.sluice.pci.PciSetupException;
import io.sluice.system.drives.DriveModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What happens to the function behind the driver's back. Nothing of it may end the JVM. */
class VfioTrouble {
    private static final int COMMAND = 4;
    private static final int MEMORY_DECODING = 1 << 1;
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final SessionOptions OPTIONS =
            SessionOptions.defaults().writeable(true).bufferBytes(1 << 16).deadline(Duration.ofSeconds(5));

    @Test
    void registersThatAreSwitchedOffUnderTheDriverMakeItsCallsFail() throws IOException {
        VfioController lab = new VfioControllers().labs().get(0);
        PciFunction function = lab.open();
        NvmeController controller = NvmeController.open(function, ControllerOptions.defaults());
        BlockSession session = controller.namespace(1).open(OPTIONS);
        int command = function.config().read32(COMMAND);
        function.config().write32(COMMAND, command & ~MEMORY_DECODING);

        assertThat(function.bar(0).read32(0)).isEqualTo(-1);
        assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 7)).isTrue();
        List<BlockIoException> failures = new ArrayList<>();
        try {
            finish(session, failures);
        } catch (InternalError lostDoorbell) {
            // Compiled code hears of a store that reached nothing when it next leaves Java (see RegisterSpace#mapped):
            // that may
            // be here rather than in the driver. It comes once, and changes nothing.
            finish(session, failures);
        }
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0)).isInstanceOf(DeviceGoneException.class).hasMessageContaining("all ones");
        assertThatThrownBy(controller::smartLog).isInstanceOf(DeviceGoneException.class);
        closeWhatCanBeClosed(controller);

        try (NvmeController again = NvmeController.open(lab.open(), ControllerOptions.defaults())) {
            assertThat(again.smartLog().criticalWarning()).isZero();
        }
    }

    @Test
    void afterClosingTheFunctionItsRegistersReadAsAllOnes() throws IOException {
        VfioController lab = new VfioControllers().labs().get(0);
        PciFunction function = lab.open();
        var registers = function.bar(0);
        var doorbells = registers.mapped(0x1000, 8);
        function.close();
        function.close();
        assertThat(registers.read32(0)).isEqualTo(-1);
        assertThat(registers.read64(0)).isEqualTo(-1);
        registers.write32(0x14, 0);
        assertThat(function.config().read32(0)).isEqualTo(-1);
        assertThatThrownBy(() -> function.allocate(4096)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> function.bar(0)).isInstanceOf(IOException.class);
        assertThat(doorbells).isNotNull();
        doorbells.putInt(0, 1);
        assertThat(doorbells.getInt(0)).isEqualTo(1);
    }

    @Test
    void aFunctionIsOpenedOnce() throws IOException {
        VfioController lab = new VfioControllers().labs().get(0);
        try (PciFunction function = lab.open()) {
            assertThatThrownBy(lab::open).isInstanceOf(IOException.class).hasMessageContaining(function.name());
        }
        lab.open().close();
    }

    @Test
    void registersThatCannotBeMappedAreNamedWithWhatMayBeUsedUp() throws Exception {
        // Its memory buffer is BAR 2, of 16 MiB: half of that is left for the JVM to go on with.
        VfioController lab = new VfioControllers()
                .labs().stream()
                        .filter(any -> any.model() == DriveModel.CONTROLLER_MEMORY_BUFFER)
                        .findFirst()
                        .orElseThrow();
        try (PciFunction function = lab.open()) {
            limitAddressSpace(String.valueOf(addressSpaceBytes() + (8 << 20)));
            try {
                assertThatThrownBy(() -> function.bar(2))
                        .isInstanceOfSatisfying(
                                PciSetupException.class,
                                failure -> assertThat(failure.problem())
                                        .isEqualTo(PciSetupException.Problem.BAR_NOT_MAPPABLE))
                        .hasMessageContaining(lab.address() + ": ")
                        .hasMessageContaining("BAR 2 cannot be mapped")
                        .hasMessageContaining("ulimit -v");
            } finally {
                limitAddressSpace("unlimited");
            }
            assertThat(function.bar(2).size()).isEqualTo(16 << 20);
        }
    }

    private static void limitAddressSpace(String bytes) throws Exception {
        Process prlimit = new ProcessBuilder(
                        "prlimit", "--pid=" + ProcessHandle.current().pid(), "--as=" + bytes + ":unlimited")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }

    private static long addressSpaceBytes() throws IOException {
        // The first number of statm: pages of the address space.
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[0]) * 4096;
    }

    @Test
    void whoWantsTheFunctionBackIsHeardAndServed() throws Exception {
        VfioController lab = new VfioControllers().labs().get(1);
        NvmeController controller = NvmeController.open(lab.open(), ControllerOptions.defaults());
        assertThat(controller.removalRequested()).isFalse();
        Path device = Path.of("/sys/bus/pci/devices/" + lab.address());
        // The kernel waits in this write until the function is closed.
        CompletableFuture<Void> removal = CompletableFuture.runAsync(() -> {
            try {
                Files.writeString(device.resolve("remove"), "1");
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        });
        long start = System.nanoTime();
        while (!controller.removalRequested()) {
            assertThat(System.nanoTime() - start).as("nobody was asked").isLessThan(PATIENCE_NANOS);
            Thread.sleep(10);
        }
        controller.close();
        removal.get();
        assertThat(device).doesNotExist();
        assertThatThrownBy(lab::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(lab.address() + ": there is no PCI function");
    }

    private static void closeWhatCanBeClosed(NvmeController controller) {
        try {
            controller.close();
        } catch (IOException notConfirmed) {
            assertThat(notConfirmed).hasMessageContaining("0000:");
        }
    }

    private static void finish(BlockSession session, List<BlockIoException> failures) throws IOException {
        Completion collect = new Completion() {
            @Override
            public void completed(long tag) {
                throw new AssertionError("a device that is gone completed " + tag);
            }

            @Override
            public void failed(long tag, BlockIoException failure) {
                failures.add(failure);
            }
        };
        session.commit();
        long start = System.nanoTime();
        while (session.inFlight() > 0) {
            session.poll(collect, 10);
            assertThat(System.nanoTime() - start)
                    .as("operations never finished")
                    .isLessThan(PATIENCE_NANOS);
        }
    }
}
