package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording holds of sessions. Other tests may record, or do I/O, at the same time: devices have names of their own. */
class FlightRecordingTest {
    private static final String SLOW = "io.sluice.SlowOperation";
    /** A session asks the recorder once in so many rounds. */
    private static final int ROUNDS = 1024;

    @TempDir
    Path directory;

    private List<RecordedEvent> recorded(String device, Recording recording) throws IOException {
        Path file = directory.resolve(device.replace(' ', '-') + ".jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.hasField("device") && device.equals(event.getString("device")))
                .toList();
    }

    private static List<RecordedEvent> named(String name, List<RecordedEvent> events) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    private static void read(BlockSession session, long block) throws IOException {
        assertThat(session.submit(Operation.READ, block, 2, session.buffer(), 0, 0))
                .isTrue();
        session.commit();
        assertThat(session.poll(
                        new Completion() {
                            @Override
                            public void completed(long tag) {}

                            @Override
                            public void failed(long tag, BlockIoException failure) {
                                throw new AssertionError(failure);
                            }
                        },
                        1))
                .isEqualTo(1);
    }

    private static Recording recording(Consumer<Recording> settings) {
        Recording recording = new Recording();
        settings.accept(recording);
        recording.start();
        return recording;
    }

    @Test
    void sessionsThatComeAndGoAreRecorded() throws IOException {
        String name = "coming and going";
        try (Recording recording = recording(r -> {
            r.enable("io.sluice.SessionOpened");
            r.enable("io.sluice.SessionClosed");
        })) {
            try (BlockDevice device = new RamDevice(name, 512, 64)) {
                BlockSession first =
                        device.open(SessionOptions.defaults().window(8, 16).label("backup"));
                read(first, 1);
                first.close();
                first.close();
                device.open(SessionOptions.defaults().writeable(true).queueDepth(9));
            }
            List<RecordedEvent> events = recorded(name, recording);
            List<RecordedEvent> opened = named("io.sluice.SessionOpened", events);
            List<RecordedEvent> closed = named("io.sluice.SessionClosed", events);
            assertThat(opened).hasSize(2);
            assertThat(opened.get(0).getString("session")).isEqualTo("backup");
            assertThat(opened.get(0).getLong("firstBlock")).isEqualTo(8);
            assertThat(opened.get(0).getLong("blocks")).isEqualTo(16);
            assertThat(opened.get(0).getBoolean("writeable")).isFalse();
            assertThat(opened.get(1).getBoolean("writeable")).isTrue();
            assertThat(opened.get(1).getInt("queueDepth")).isEqualTo(9);
            assertThat(closed).hasSize(2);
            assertThat(closed.get(0).getLong("number")).isEqualTo(opened.get(0).getLong("number"));
            assertThat(closed.get(0).getLong("reads")).isEqualTo(1);
            assertThat(closed.get(0).getLong("blocksRead")).isEqualTo(2);
        }
    }

    @Test
    void slowOperationsAreRecordedOfASessionThatRecordsNoLatencies() throws IOException {
        String name = "slow";
        try (Recording recording = recording(r -> r.enable(SLOW));
                BlockDevice device = new RamDevice(name, 512, 64);
                BlockSession session =
                        device.open(SessionOptions.defaults().label("reader").slow(Duration.ZERO))) {
            read(session, 5);

            List<RecordedEvent> slow = named(SLOW, recorded(name, recording));
            assertThat(slow).hasSize(1);
            assertThat(slow.get(0).getString("session")).isEqualTo("reader");
            assertThat(slow.get(0).getString("operation")).isEqualTo("READ");
            assertThat(slow.get(0).getLong("block")).isEqualTo(5);
            assertThat(slow.get(0).getLong("blocks")).isEqualTo(2);
            assertThat(slow.get(0).getDuration("latency")).isPositive();
            assertThat(session.latency()).isEqualTo(LatencyStatistics.none());
        }
    }

    @Test
    void whatIsSlowIsForTheSessionsOptionsToSay() throws IOException {
        String name = "not slow";
        try (Recording recording = recording(r -> r.enable(SLOW));
                BlockDevice device = new RamDevice(name, 512, 64);
                BlockSession session = device.open(SessionOptions.defaults().slow(Duration.ofDays(1)))) {
            read(session, 0);
            assertThat(named(SLOW, recorded(name, recording))).isEmpty();
        }
    }

    @Test
    void theRecordingsSettingLetsFewerThrough() throws IOException {
        String name = "not slow enough";
        try (Recording recording = recording(r -> r.enable(SLOW).with("longerThan", "20 d"));
                BlockDevice device = new RamDevice(name, 512, 64);
                BlockSession session = device.open(SessionOptions.defaults().slow(Duration.ZERO))) {
            read(session, 0);
            assertThat(named(SLOW, recorded(name, recording))).isEmpty();
        }
    }

    @Test
    void aSessionNoticesARecordingThatBeginsAfterIt() throws IOException {
        String name = "before the recording";
        try (BlockDevice device = new RamDevice(name, 512, 64);
                BlockSession session = device.open(SessionOptions.defaults().slow(Duration.ZERO));
                Recording recording = recording(r -> r.enable(SLOW))) {
            for (int i = 0; i < ROUNDS; i++) {
                read(session, 0);
            }
            read(session, 7);

            assertThat(named(SLOW, recorded(name, recording)))
                    .last()
                    .satisfies(event -> assertThat(event.getLong("block")).isEqualTo(7));
        }
    }
}
