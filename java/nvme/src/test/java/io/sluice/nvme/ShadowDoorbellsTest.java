package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.DeadlineException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShadowDoorbellsTest {
    private static final int CONFIG = 0x7c;
    private static final int TAIL = 8;
    private static final int REGISTER = 0x1000 + TAIL;

    private final ScriptedController device = new ScriptedController();
    private long tag;

    @BeforeEach
    void offer() {
        device.identity().putShort(256, (short) (1 << 8));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(device.closed()).isTrue();
        assertThat(device.memories()).isZero();
    }

    private NvmeController open(ControllerOptions options) throws IOException {
        return NvmeController.open(device, options.adminDeadline(Duration.ofMillis(50)));
    }

    private NvmeController open() throws IOException {
        return open(ControllerOptions.defaults());
    }

    private long configurations() {
        return device.adminCommands().stream()
                .filter(command -> command.opcode() == CONFIG)
                .count();
    }

    private void read(NvmeSession session) throws IOException {
        assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, tag++))
                .isTrue();
        session.commit();
    }

    @Test
    void aControllerThatOffersThemIsRungByItsRegisterWhereItWaitsAlone() throws IOException {
        try (NvmeController controller = open();
                NvmeSession session = controller.namespace(1).open(SessionOptions.defaults())) {
            assertThat(controller.inUse().shadowDoorbells()).isTrue();
            read(session);
            assertThat(device.register(REGISTER)).isEqualTo(1);
            read(session);
            assertThat(device.register(REGISTER))
                    .as("it said nothing of waiting at 1")
                    .isEqualTo(1);
            device.eventIndex(TAIL).putInt(0, 2);
            read(session);
            assertThat(device.register(REGISTER)).isEqualTo(3);
            assertThat(device.queue(1).completeAll()).isEqualTo(3);
            assertThat(session.poll(new Recorder(), 8)).isEqualTo(3);
        }
    }

    @Test
    void aQueueThatIsMadeAnewStartsFromZeroAgain() throws IOException {
        try (NvmeController controller = open()) {
            NvmeNamespace namespace = controller.namespace(1);
            for (int i = 0; i < 3; i++) {
                // The scripted controller checks that the shadow of a new queue is 0.
                try (NvmeSession session = namespace.open(SessionOptions.defaults())) {
                    device.eventIndex(TAIL).putInt(0, 77);
                    read(session);
                    assertThat(device.queue(1).completeAll()).isEqualTo(1);
                    assertThat(session.poll(new Recorder(), 8)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void theyAreSetUpEachTimeThatTheControllerIsEnabledAndTheAdminQueueDoesWithout() throws IOException {
        try (NvmeController controller = open()) {
            assertThat(configurations()).isEqualTo(1);
            assertThat(controller.smartLog()).isNotNull();
            assertThat(device.register(0x1000)).as("the admin queue's tail").isPositive();
        }
    }

    @Test
    void whereTheyAreNotWantedNothingIsSetUp() throws IOException {
        try (NvmeController controller = open(ControllerOptions.defaults().shadowDoorbells(false))) {
            assertThat(controller.inUse().shadowDoorbells()).isFalse();
            assertThat(configurations()).isZero();
        }
    }

    @Test
    void wherePagesAreTooSmallForAllDoorbellsNothingIsSetUp() throws IOException {
        // Doorbells 128 bytes apart: a page holds 16 pairs.
        ScriptedController wide = new ScriptedController(0x8000);
        wide.capabilities(wide.capabilities() | 5L << 32).identity().putShort(256, (short) (1 << 8));
        try (NvmeController many = NvmeController.open(wide, ControllerOptions.defaults())) {
            assertThat(many.ioQueuePairs()).isEqualTo(64);
            assertThat(many.inUse().shadowDoorbells()).isFalse();
        }
        open().close();
    }

    @Test
    void aControllerThatRefusesWhatItOffersIsUsedWithoutThem() throws IOException {
        device.refuse(CONFIG, 0x002);
        int memories;
        try (NvmeController controller = open();
                NvmeSession session = controller.namespace(1).open(SessionOptions.defaults())) {
            assertThat(controller.inUse().shadowDoorbells()).isFalse();
            memories = device.memories();
            read(session);
            read(session);
            assertThat(device.register(REGISTER)).isEqualTo(2);
            assertThat(device.queue(1).completeAll()).isEqualTo(2);
            assertThat(session.poll(new Recorder(), 8)).isEqualTo(2);
        }
        assertThat(memories)
                .as("admin queues and their data, the session's queues and buffer")
                .isEqualTo(4);
    }

    @Test
    void aControllerThatDoesNotAnswerIsNotOpened() {
        device.ignore(CONFIG);
        assertThatThrownBy(this::open)
                .isInstanceOf(DeadlineException.class)
                .hasMessageContaining("Doorbell Buffer Config");
    }
}
