package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class QuirkTest {
    @Test
    void quirksGoByVendorAndDevice() {
        assertThat(Quirk.of(0x8086, 0x5845)).contains(Quirk.NO_WRITE_ZEROES, Quirk.NO_NAMESPACE_LIST);
        assertThat(Quirk.of(0x144d, 0xa821)).contains(Quirk.DELAY_BEFORE_READY);
        assertThat(Quirk.of(0x144d, 0x0000)).isEmpty();
        assertThat(Quirk.of(0x5845, 0x8086)).isEmpty();
    }

    @Test
    void aControllerIsKnownByItsConfigurationSpace() {
        assertThat(Quirk.of(new ScriptedController().device(0x8086, 0x5845))).contains(Quirk.NO_NAMESPACE_LIST);
        assertThat(Quirk.of(new ScriptedController())).isEmpty();
    }

    @Test
    void writeZeroesThatIsWorseThanWritingIsNotOffered() throws IOException {
        ScriptedController device = new ScriptedController().device(0x8086, 0x5845);
        try (NvmeController controller = NvmeController.open(device, ControllerOptions.defaults())) {
            assertThat(controller.namespace(1).geometry().maxZeroBlocks()).isZero();
            assertThat(controller.namespace(1).geometry().maxTrimBlocks()).isEqualTo(0xffff_ffffL);
        }
    }

    @Test
    void namespacesAreAskedForOneByOneWhereTheListIsNotKnown() throws IOException {
        ScriptedController device = new ScriptedController().device(0x8086, 0x5845);
        device.namespace(4);
        device.activeNamespaces(9, 8);
        try (NvmeController controller = NvmeController.open(device, ControllerOptions.defaults())) {
            assertThat(controller.namespaceIds()).containsExactly(1, 4);
        }
    }

    @Test
    void whereListsAreNotChainedTransfersStayWithinOne() throws IOException {
        ScriptedController device = new ScriptedController().device(0x4e58, 0x0001);
        device.identity().put(77, (byte) 0);
        try (NvmeController controller = NvmeController.open(device, ControllerOptions.defaults())) {
            assertThat(controller.maxTransfer()).isEqualTo(128 << 10);
        }
    }
}
