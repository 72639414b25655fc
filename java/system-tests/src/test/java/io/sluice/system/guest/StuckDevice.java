package io.sluice.system.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.DeadlineException;
import io.sluice.block.Operation;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.uring.UringDevice;
import io.sluice.uring.UringSession;
import io.sluice.uring.contract.Recorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A device-mapper device that is suspended: what is sent to it stays on its way until it is resumed. */
@Timeout(60)
class StuckDevice {
    private static final String NAME = "stuck";
    private static final SessionOptions IMPATIENT =
            SessionOptions.defaults().writeable(true).deadline(Duration.ofSeconds(1));

    @BeforeEach
    void make() throws IOException, InterruptedException {
        run(
                "dmsetup",
                "create",
                NAME,
                "--table",
                "0 8192 linear " + KernelNodes.block(KernelNodes.LARGE_BLOCKS) + " 0");
        run("dmsetup", "mknodes", NAME);
    }

    @AfterEach
    void remove() throws IOException, InterruptedException {
        run("dmsetup", "resume", NAME);
        run("dmsetup", "remove", "--retry", NAME);
    }

    private static void suspend() throws IOException, InterruptedException {
        run("dmsetup", "suspend", "--noflush", "--nolockfs", NAME);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(said(command)).isNotNull();
    }

    private static String said(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static UringDevice open() throws IOException {
        return KernelNodes.open(Path.of("/dev/mapper", NAME));
    }

    @Test
    void whatTakesTooLongIsReportedOnceAndItsSlotComesBack() throws IOException, InterruptedException {
        try (UringDevice device = open();
                UringSession session = device.open(IMPATIENT.queueDepth(4))) {
            suspend();
            session.submit(Operation.WRITE, 3, 2, session.buffer(), 0, 1);
            session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, 2);
            Recorder recorder = new Recorder().finish(session);
            assertThat(recorder.tags()).containsExactlyInAnyOrder(1L, 2L);
            assertThat(recorder.failures().get(1L))
                    .isInstanceOf(DeadlineException.class)
                    .hasMessageContaining("write of 2 blocks at block 3")
                    .hasMessageContaining("1000 ms");
            run("dmsetup", "resume", NAME);
            for (int round = 0; round < 8; round++) {
                while (!session.submit(Operation.READ, 0, 1, session.buffer(), 4096, 10 + round)) {
                    session.await(100_000_000);
                    session.poll(recorder, 8);
                }
                session.commit();
            }
            recorder.finish(session);
            assertThat(recorder.tags()).hasSize(10).contains(10L, 17L);
            assertThat(recorder.failures()).hasSize(2);
        }
    }

    @Test
    void closingEndsAndTheMemoryThatMayStillBeWrittenStays() throws IOException, InterruptedException {
        UringDevice device = open();
        UringSession session = device.open(IMPATIENT);
        suspend();
        session.submit(Operation.READ, 0, 8, session.buffer(), 0, 1);
        assertThatThrownBy(session::close)
                .isInstanceOf(DeadlineException.class)
                .hasMessageContaining("1 operations")
                .hasMessageContaining("is kept");
        assertThatThrownBy(() -> session.poll(new Recorder(), 1)).isInstanceOf(SessionClosedException.class);
        device.close();
        run("dmsetup", "resume", NAME);
        // The next session lets go of what the last had to leave behind, and with it of the device.
        while (isHeld()) {
            try (UringDevice other = KernelNodes.open(KernelNodes.block(KernelNodes.SMALL_BLOCKS))) {
                other.open(SessionOptions.defaults()).close();
            }
            Thread.sleep(10);
        }
    }

    private static boolean isHeld() throws IOException, InterruptedException {
        return !said("dmsetup", "info", "--columns", "--noheadings", "--options", "open", NAME)
                .strip()
                .equals("0");
    }
}
