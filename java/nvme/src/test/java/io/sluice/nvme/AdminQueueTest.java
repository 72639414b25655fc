package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Admin commands and events, through the controller that they belong to. */
class AdminQueueTest {
    private static final int GET_LOG_PAGE = 0x02;
    private static final int GET_FEATURES = 0x0a;

    private final ScriptedController device = new ScriptedController();
    private NvmeController controller;

    @BeforeEach
    void open() throws IOException {
        controller = NvmeController.open(
                device,
                ControllerOptions.defaults()
                        .adminDeadline(Duration.ofMillis(40))
                        .shutdownDeadline(Duration.ofMillis(20)));
    }

    @AfterEach
    void close() throws IOException {
        try {
            controller.close();
        } finally {
            assertThat(device.memories()).isZero();
        }
    }

    @Test
    void aRefusedCommandSaysWhyByName() {
        assertThatThrownBy(() -> controller.logPage(0x7e, 512))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        e -> assertThat(e.status().code()).isEqualTo(0x09))
                .hasMessage("0000:5c:00.0: Get Log Page 7eh: Invalid Log Page (1h/09h)");
    }

    @Test
    void aCommandWithoutAnswerFailsAndTheNextOnesWork() throws IOException {
        device.ignore(GET_FEATURES);
        assertThatThrownBy(() -> controller.feature(Feature.ARBITRATION))
                .isInstanceOf(DeadlineException.class)
                .hasMessageContainingAll("Get Features 01h", "no answer within 40 ms");

        controller.setFeature(Feature.ARBITRATION, 0x1234, false);
        // The late answer is not taken for that of the next command.
        device.answerIgnored();
        assertThat(controller.feature(Feature.ARBITRATION)).isEqualTo(0x1234);
    }

    @Test
    void theDataOfACommandWithoutAnswerComesToNobody() throws IOException {
        device.ignore(GET_LOG_PAGE);
        int memories = device.memories();
        assertThatThrownBy(() -> controller.smartLog()).isInstanceOf(DeadlineException.class);

        assertThat(device.memories())
                .as("the controller may still write to the old one")
                .isEqualTo(memories + 1);
        device.answerIgnored();
        device.logPage(2)[3] = 77;
        assertThat(controller.smartLog().availableSparePercent()).isEqualTo(77);
    }

    @Test
    void aQueueThatIsFullOfCommandsWithoutAnswerSaysSo() throws IOException {
        device.ignore(GET_FEATURES);
        for (int i = 0; i < AdminQueue.ENTRIES - 1 - device.eventRequests(); i++) {
            assertThatThrownBy(() -> controller.feature(Feature.ARBITRATION)).isInstanceOf(DeadlineException.class);
        }
        assertThatThrownBy(() -> controller.feature(Feature.ARBITRATION))
                .hasMessageContaining("every slot of the admin queue is taken");
        device.answerIgnored();
        assertThat(controller.feature(Feature.ARBITRATION)).isZero();
    }

    @Test
    void theDeathOfTheControllerEndsTheWait() {
        device.ignore(GET_FEATURES);
        device.fail();

        assertThatThrownBy(() -> controller.feature(Feature.ARBITRATION))
                .isInstanceOf(DeviceGoneException.class)
                .hasMessageContainingAll("Get Features 01h", "controller fatal status");
    }

    @Test
    void anAnswerThatCameBeforeTheControllerFailedCounts() throws IOException {
        controller.setFeature(Feature.ARBITRATION, 7, false);
        device.ignore(GET_FEATURES);
        device.beforeStatus(() -> {
            device.beforeStatus(() -> {});
            device.answerIgnored();
            device.fail();
        });

        assertThat(controller.feature(Feature.ARBITRATION)).isZero();
    }

    @Test
    void theQueueWrapsManyTimes() throws IOException {
        for (int i = 0; i < 5 * AdminQueue.ENTRIES; i++) {
            controller.setFeature(Feature.ERROR_RECOVERY, i, false);
            assertThat(controller.feature(Feature.ERROR_RECOVERY)).isEqualTo(i);
        }
    }

    @Test
    void whatTheControllerDoesNotWriteReadsAsZero() throws IOException {
        device.logPage(2)[5] = 9;
        assertThat(controller.smartLog().usedPercent()).isEqualTo(9);
        // A page that the controller answers without writing anything.
        device.logPage(2);
        byte[] shortPage = controller.logPage(3, 4096);
        assertThat(shortPage).containsOnly(0);
    }

    @Test
    void longLogPagesAreReadInParts() throws IOException {
        byte[] log = device.logPage(0x70);
        for (int i = 0; i < log.length; i++) {
            log[i] = (byte) (i * 7);
        }
        byte[] read = controller.logPage(0x70, 4096);
        assertThat(read).isEqualTo(log);
        controller.logPage(1, 8192);
        List<SubmissionEntry> commands = device.adminCommands();
        SubmissionEntry second = commands.get(commands.size() - 1);
        assertThat(second.dword12()).isEqualTo(4096);
        assertThat(second.dword10() >>> 16).isEqualTo(1023);
        assertThat(second.namespaceId()).isEqualTo(-1);
    }

    @Test
    void partsOfLogPagesAreNotAskedOfControllersThatDoNotKnowThem() throws IOException {
        ScriptedController old = new ScriptedController();
        old.identity().put(261, (byte) 0);
        try (NvmeController other = NvmeController.open(old, ControllerOptions.defaults())) {
            assertThatThrownBy(() -> other.logPage(1, 8192)).hasMessageContaining("no more than 4096 bytes");
            assertThat(other.logPage(1, 4096)).hasSize(4096);
        }
    }

    @Test
    void oddLengthsOfLogPagesAreRefused() {
        for (int bytes : new int[] {-4, 0, 2, 6, (1 << 20) + 4}) {
            assertThatThrownBy(() -> controller.logPage(2, bytes)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void eventsAreReportedAndAskedForAgain() throws IOException {
        assertThat(controller.events()).isEmpty();
        device.event(0x02_01_01);
        device.event(0x04_00_02);

        assertThat(controller.events())
                .containsExactly(new AsyncEvent(1, 1, 2), new AsyncEvent(2, 0, 4))
                .extracting(AsyncEvent::description)
                .containsExactly("temperature threshold", "namespace attribute changed");
        assertThat(device.eventRequests()).isEqualTo(4);
        assertThat(device.adminCommands())
                .filteredOn(c -> c.opcode() == GET_LOG_PAGE)
                .extracting(c -> c.dword10() & 0xff)
                .containsExactly(2, 4);
        assertThat(controller.events()).isEmpty();
    }

    @Test
    void eventsBetweenOtherCommandsAreKept() throws IOException {
        for (int i = 0; i < 4; i++) {
            device.event(0x01_00_00 | i << 8);
            controller.feature(Feature.ARBITRATION);
        }
        assertThat(controller.events()).extracting(AsyncEvent::information).containsExactly(0, 1, 2, 3);
        assertThat(device.eventRequests()).isEqualTo(4);
    }

    @Test
    void unknownEventsAreReportedAsTheyAre() throws IOException {
        device.event(0xff_ff_07);

        assertThat(controller.events())
                .singleElement()
                .satisfies(event -> assertThat(event.description()).isEqualTo("event type 7h, information ffh"));
    }

    @Test
    void aTypeOfTheErrorLogIsReadNewestFirstWithoutUnusedEntries() throws IOException {
        byte[] log = device.logPage(1);
        log[0] = 9;
        log[64] = 8;
        log[64 + 12] = 0x02;
        log[64 + 13] = 0x05;

        assertThat(controller.errorLog(100))
                .extracting(ErrorLogEntry::errorCount)
                .containsExactly(9L, 8L);
        assertThat(controller.errorLog(100).get(1).status()).hasToString("Unrecovered Read Error (2h/81h)");
        assertThat(controller.errorLog(1)).hasSize(1);
    }

    @Test
    void firmwareSlotsAreRead() throws IOException {
        byte[] log = device.logPage(3);
        log[0] = 0x21;
        log[8] = 'A';
        log[16] = 'B';

        FirmwareLog firmware = controller.firmwareLog();

        assertThat(firmware.activeSlot()).isEqualTo(1);
        assertThat(firmware.nextSlot()).isEqualTo(2);
        assertThat(firmware.revisions()).containsExactly("A", "B", "", "", "", "", "");
    }

    @Test
    void featuresAreSetAndSaved() throws IOException {
        controller.setFeature(Feature.VOLATILE_WRITE_CACHE, 1, true);

        SubmissionEntry command =
                device.adminCommands().get(device.adminCommands().size() - 1);
        assertThat(command.dword10()).isEqualTo(1 << 31 | 6);
        assertThat(command.dword11()).isEqualTo(1);
        assertThat(controller.feature(Feature.VOLATILE_WRITE_CACHE)).isEqualTo(1);
    }
}
