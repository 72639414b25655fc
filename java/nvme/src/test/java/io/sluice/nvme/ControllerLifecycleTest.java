package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.pci.DmaMemory;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllerLifecycleTest {
    private final ScriptedController device = new ScriptedController();
    private RegisterSpace registers;

    @BeforeEach
    void adminQueues() throws IOException {
        registers = device.bar(0);
        DmaMemory memory = device.allocate(8192);
        registers.write32(Registers.AQA, 0x1f_001f);
        registers.write64(Registers.ASQ, memory.deviceAddress());
        registers.write64(Registers.ACQ, memory.deviceAddress() + 4096);
    }

    private ControllerLifecycle lifecycle() throws ControllerException {
        return lifecycle(device.capabilities());
    }

    private ControllerLifecycle lifecycle(long cap) throws ControllerException {
        return new ControllerLifecycle("nvme", registers, Capabilities.decode("nvme", cap, 0x1_0400), Set.of());
    }

    @Test
    void aControllerGoesOnAndOff() throws ControllerException {
        ControllerLifecycle lifecycle = lifecycle();
        lifecycle.disable();
        lifecycle.enable(12, 1, false);
        assertThat(registers.read32(Registers.CSTS)).isEqualTo(1);
        assertThat(lifecycle.shutdown(Duration.ofMillis(50))).isTrue();
        lifecycle.disable();
        assertThat(registers.read32(Registers.CC) & (1 | Registers.CC_SHUTDOWN_MASK))
                .isZero();
        lifecycle.enable(12, 1, false);
    }

    @Test
    void prioritiesOfQueuesAreAskedForWhereTheyAreWanted() throws ControllerException {
        lifecycle().enable(12, 1, true);
        assertThat(registers.read32(Registers.CC) >>> 11 & 7).isEqualTo(1);
    }

    @ParameterizedTest(name = "CAP.CSS {0}")
    @CsvSource({"1, 0", "0x40, 6", "0x41, 6", "0x80, 7", "0x81, 0", "0xc1, 6"})
    void theCommandSetsAreThoseThatAreOffered(int offered, int selected) throws ControllerException {
        lifecycle().enable(16, Integer.decode(Integer.toString(offered)), false);

        int configuration = registers.read32(Registers.CC);
        assertThat(configuration >>> 4 & 7).isEqualTo(selected);
        assertThat(configuration >>> 7 & 0xf).isEqualTo(4);
        assertThat(configuration >>> 16).isEqualTo(0x46);
    }

    @Test
    void aControllerThatNeverStopsIsGivenUp() throws ControllerException {
        ControllerLifecycle lifecycle = lifecycle();
        lifecycle.enable(12, 1, false);
        device.with(ScriptedFault.READY_NEVER_CLEARS);

        assertThatThrownBy(lifecycle::disable)
                .isInstanceOf(ControllerException.class)
                .hasMessageContainingAll(
                        "nvme: did not stop within 500 ms", "CSTS is 0x1: ready", "reset the function");
    }

    @Test
    void aTimeoutOfZeroStillGivesTheControllerSomeTime() throws ControllerException {
        device.with(ScriptedFault.READY_NEVER_SETS);
        ControllerLifecycle lifecycle = lifecycle(device.capabilities() & ~0xff00_0000L);

        assertThatThrownBy(() -> lifecycle.enable(12, 1, false)).hasMessageContaining("not ready within 500 ms");
    }

    @Test
    void aControllerThatSomebodyLeftHalfWayIsWaitedForAndDisabled() throws ControllerException {
        device.with(ScriptedFault.READY_NEVER_SETS);
        ControllerLifecycle lifecycle = lifecycle();
        registers.write32(Registers.CC, 1);

        lifecycle.disable();

        assertThat(registers.read32(Registers.CC) & 1).isZero();
    }

    @Test
    void aFailedControllerCanBeDisabled() throws ControllerException {
        ControllerLifecycle lifecycle = lifecycle();
        lifecycle.enable(12, 1, false);
        device.fail();

        lifecycle.disable();

        assertThat(registers.read32(Registers.CSTS)).isZero();
    }

    @Test
    void aControllerThatFailsInsteadOfShuttingDownIsNotWaitedFor() throws ControllerException {
        device.with(ScriptedFault.SHUTDOWN_NEVER_COMPLETES);
        ControllerLifecycle lifecycle = lifecycle();
        lifecycle.enable(12, 1, false);
        device.fail();

        assertThat(lifecycle.shutdown(Duration.ofDays(1))).isFalse();
    }

    @Test
    void aControllerThatIsGoneIsNotWaitedFor() throws ControllerException {
        ControllerLifecycle lifecycle = lifecycle();
        lifecycle.enable(12, 1, false);
        device.remove();

        assertThat(lifecycle.shutdown(Duration.ofDays(1))).isFalse();
        assertThatThrownBy(lifecycle::disable).hasMessageContaining("all ones");
    }
}
