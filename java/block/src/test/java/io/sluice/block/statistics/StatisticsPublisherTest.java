package io.sluice.block.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsPublisherTest {
    @TempDir
    Path parent;

    private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

    private static void read(BlockSession session, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(session.submit(Operation.READ, 0, 2, session.buffer(), 0, 0))
                    .isTrue();
        }
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
                        times))
                .isEqualTo(times);
    }

    /** Waits for what is published to be so. */
    private static SessionReading await(StatisticsDirectory directory, String device, Predicate<SessionReading> wanted)
            throws IOException, InterruptedException {
        while (true) {
            for (ProcessStatistics process : directory.read((file, why) -> {
                throw new AssertionError(file + " cannot be read", why);
            })) {
                assertThat(process.process()).isEqualTo(ProcessIdentity.current());
                assertThat(process.command()).isEqualTo("a test");
                for (SessionReading session : process.sessions()) {
                    if (session.device().equals(device) && wanted.test(session)) {
                        return session;
                    }
                }
            }
            Thread.sleep(5);
        }
    }

    @Test
    void whatSessionsDoIsPublishedUntilItIsClosed() throws Exception {
        StatisticsDirectory directory = StatisticsDirectory.at(parent.resolve("sluice"));
        String name = "published";
        StatisticsPublisher publisher = StatisticsPublisher.start(directory, "a test", failures::add);
        try (publisher;
                BlockDevice device = new RamDevice(name, 512, 64);
                BlockSession session =
                        device.open(SessionOptions.defaults().label("me").latency(true))) {
            read(session, 3);
            SessionReading seen = await(
                    directory,
                    name,
                    reading -> reading.operation(Operation.READ).done() == 3);
            assertThat(seen.label()).isEqualTo("me");
            assertThat(seen.operation(Operation.READ).blocks()).isEqualTo(6);
            assertThat(seen.operation(Operation.READ).latency().count()).isEqualTo(3);
            read(session, 2);
            await(directory, name, reading -> reading.operation(Operation.READ).done() == 5);
        }
        assertThat(directory.path()).isEmptyDirectory();
        assertThat(failures).isEmpty();
    }

    @Test
    void whatEndsAtOnceLeavesNoTrace() {
        Path path = parent.resolve("sluice");
        StatisticsPublisher.start(StatisticsDirectory.at(path), "a test", failures::add)
                .close();
        assertThat(path).doesNotExist();
        assertThat(failures).isEmpty();
    }

    @Test
    void whyNothingIsPublishedIsTold() throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "precious");
        try (StatisticsPublisher publisher =
                StatisticsPublisher.start(StatisticsDirectory.at(file), "a test", failures::add)) {
            assertThat(failures.take()).hasMessageContaining(file.toString());
            assertThat(publisher).isNotNull();
        }
        assertThat(file).hasContent("precious");
        assertThat(List.copyOf(failures)).isEmpty();
    }
}
