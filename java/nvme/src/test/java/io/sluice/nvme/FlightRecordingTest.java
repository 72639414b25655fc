package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording holds of controllers, and of sessions on them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlightRecordingTest {
    @TempDir
    Path directory;

    private final Recording recording = new Recording();

    @BeforeEach
    void record() {
        recording.start();
    }

    @AfterEach
    void end() {
        recording.close();
    }

    /** The events of a name, of this thread: other tests use controllers of the same name. */
    private List<RecordedEvent> recorded(String name) throws IOException {
        Path file = directory.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("io.sluice." + name))
                .filter(event -> event.getThread().getJavaThreadId()
                        == Thread.currentThread().getId())
                .toList();
    }

    @Test
    void theStatesOfAControllerAreRecorded() throws IOException {
        try (NvmeController controller = NvmeController.open(new ScriptedController(), ControllerOptions.defaults())) {
            assertThat(controller.state()).isEqualTo(ControllerState.LIVE);
        }
        assertThat(recorded("ControllerStateChanged"))
                .extracting(event -> event.getString("controller"), e -> e.getString("from"), e -> e.getString("to"))
                .containsExactly(
                        tuple("0000:5c:00.0", "NEW", "ENABLING"),
                        tuple("0000:5c:00.0", "ENABLING", "LIVE"),
                        tuple("0000:5c:00.0", "LIVE", "CLOSING"),
                        tuple("0000:5c:00.0", "CLOSING", "CLOSED"));
    }

    @Test
    void whatAControllerReportsIsRecorded() throws IOException {
        ScriptedController device = new ScriptedController();
        try (NvmeController controller = NvmeController.open(device, ControllerOptions.defaults())) {
            device.event(0x02_01_01);
            assertThat(controller.events()).hasSize(1);
        }
        assertThat(recorded("ControllerEvent")).singleElement().satisfies(event -> {
            assertThat(event.getString("controller")).isEqualTo("0000:5c:00.0");
            assertThat(event.getInt("type")).isEqualTo(1);
            assertThat(event.getString("event")).isEqualTo("temperature threshold");
        });
    }

    @Test
    void aDeadlineThatExpiresIsRecorded() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(
                new ScriptedController(), ScriptedSession.WRITEABLE.deadline(Duration.ofMillis(30)))) {
            s.submit(Operation.WRITE, 5, 2, 0, 77);
            s.session().commit();
            while (s.session().inFlight() > 0) {
                s.poll();
            }
        }
        assertThat(recorded("DeadlineExpired")).singleElement().satisfies(event -> {
            assertThat(event.getString("device")).isEqualTo("0000:5c:00.0/n1");
            assertThat(event.getString("operation")).isEqualTo("WRITE");
            assertThat(event.getLong("block")).isEqualTo(5);
            assertThat(event.getLong("blocks")).isEqualTo(2);
            assertThat(event.getDuration("deadline")).isEqualTo(Duration.ofMillis(30));
        });
    }

    @Test
    void aSlowOperationIsRecordedBeforeItsSlotIsTakenAgain() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(
                new ScriptedController(),
                ScriptedSession.WRITEABLE.queueDepth(1).slow(Duration.ZERO).label("one slot"))) {
            for (int block = 3; block < 6; block++) {
                s.submit(Operation.READ, block);
                s.session().commit();
                s.queue().completeAll();
                assertThat(s.poll()).isEqualTo(1);
            }
        }
        assertThat(recorded("SlowOperation"))
                .extracting(event -> event.getString("session"), e -> e.getLong("block"))
                .containsExactly(tuple("one slot", 3L), tuple("one slot", 4L), tuple("one slot", 5L));
    }
}
