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
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A drive that is pulled, without a word, while it works (PCI Express Base Specification, section 6.7: the slot's power goes). */
class VfioRemoval {
    private static final int CAPABILITIES = 0x34;
    private static final int EXPRESS = 0x10;
    private static final int SLOT_CONTROL = 0x18;
    /** Power Indicator off and Power Controller off. */
    private static final int POWER_OFF = 0x3 << 8 | 1 << 10;

    private static final int DEPTH = 32;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    @Test
    void everyOperationInFlightFailsOnceAndTheJvmLives() throws IOException {
        NvmeController controller =
                NvmeController.open(new VfioControllers().labs().get(0).open(), ControllerOptions.defaults());
        BlockSession session = controller
                .namespace(1)
                .open(SessionOptions.defaults().queueDepth(DEPTH).deadline(Duration.ofSeconds(20)));
        Tally tally = new Tally();
        long[] submitted = new long[1];
        long start = System.nanoTime();
        boolean pulled = false;
        while (!pulled || session.inFlight() > 0) {
            if (tally.failed == 0) {
                fill(session, submitted);
            }
            if (!pulled && tally.done >= 1000) {
                switchPowerOff();
                pulled = true;
            }
            session.commit();
            session.poll(tally, DEPTH);
            assertThat(System.nanoTime() - start)
                    .as("operations never finished")
                    .isLessThan(PATIENCE_NANOS);
        }
        assertThat(tally.failed).isPositive();
        assertThat(tally.done + tally.failed).isEqualTo(submitted[0]);
        assertThat(tally.first).isInstanceOf(DeviceGoneException.class).hasMessageContaining("0000:01:00.0/n1");
        assertThatThrownBy(controller::smartLog).isInstanceOf(DeviceGoneException.class);
        assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 0, 1))
                .isInstanceOf(DeviceGoneException.class);
        try {
            controller.close();
        } catch (IOException notConfirmed) {
            assertThat(notConfirmed).hasMessageContaining("0000:01:00.0");
        }
    }

    private static void fill(BlockSession session, long[] submitted) throws IOException {
        while (session.submit(
                Operation.READ,
                submitted[0] % 8192 * 8,
                8,
                session.buffer(),
                submitted[0] % DEPTH * 4096,
                submitted[0])) {
            submitted[0]++;
        }
    }

    /** What pciehp would do at the end of an attention-button press, but without asking anybody first. */
    private static void switchPowerOff() throws IOException {
        try (RandomAccessFile port = new RandomAccessFile(
                "/sys/bus/pci/devices/" + System.getProperty("sluice.guest.slot") + "/config", "rw")) {
            int at = byteAt(port, CAPABILITIES);
            while (byteAt(port, at) != EXPRESS) {
                at = byteAt(port, at + 1);
                assertThat(at).as("the slot has no PCI Express capability").isPositive();
            }
            int control = byteAt(port, at + SLOT_CONTROL) | byteAt(port, at + SLOT_CONTROL + 1) << 8;
            port.seek(at + SLOT_CONTROL);
            port.writeShort(Short.reverseBytes((short) (control | POWER_OFF)));
        }
    }

    private static int byteAt(RandomAccessFile config, int offset) throws IOException {
        config.seek(offset);
        return config.read();
    }

    private static final class Tally implements Completion {
        private long done;
        private long failed;
        private BlockIoException first;

        @Override
        public void completed(long tag) {
            done++;
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            failed++;
            if (first == null) {
                first = failure;
            }
        }
    }
}
