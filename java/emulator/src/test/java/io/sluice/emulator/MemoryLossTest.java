package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.emulator.RawHost.Entry;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose memory is a file, as that of another process is, and which cuts it short. */
class MemoryLossTest {
    private static final long LOST = 1L << 40;
    private static final int BYTES = 1 << 16;

    @TempDir
    Path directory;

    private EmulatedController controller;
    private RawHost host;
    private FileChannel file;
    private MappedByteBuffer memory;

    @BeforeEach
    void enable() throws IOException {
        controller = EmulatedController.ram(1 << 20);
        host = RawHost.enabled(controller);
        file = FileChannel.open(
                directory.resolve("memory"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        memory = file.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
        host.memory(host.memory().with(LOST, memory, true));
    }

    @AfterEach
    void close() throws IOException {
        controller.close();
        file.close();
    }

    /** Compiled code hears of it a little later than it happened: the command may have been answered by then. */
    @Test
    void dataThatIsGoneIsToldToTheHost() throws IOException {
        Entry read = Entry.of(Opcode.READ).namespace(1).blocks(0, 8).pointer1(LOST);
        assertThat(host.io(read).status()).isZero();
        assertThat(host.hasLostMemory()).isFalse();
        file.truncate(0);
        int[] sent = new int[1];
        RawHost.await("the host is told", () -> {
            if (sent[0]++ < 30) {
                host.submit(1, read);
                host.ring(1);
            }
            return isTold();
        });
        assertNextHostIsServed();
    }

    @Test
    void queuesThatAreGoneAreToldToTheHost() throws IOException {
        assertThat(host.admin(Entry.of(0x05)
                                .pointer1(LOST)
                                .dword10(63 << 16 | 2)
                                .dword11(3))
                        .status())
                .isZero();
        assertThat(host.admin(Entry.of(0x01)
                                .pointer1(RawHost.submissionAddress(2))
                                .dword10(63 << 16 | 2)
                                .dword11(2 << 16 | 1))
                        .status())
                .isZero();
        file.truncate(0);
        host.ringSubmission(2, 1);
        RawHost.await("the host is told", this::isTold);
        assertNextHostIsServed();
    }

    /** JDK 17 tells a thread of an access that failed in compiled code when the thread next stops for the JVM: a collection makes it. */
    private boolean isTold() {
        System.gc();
        return host.hasLostMemory();
    }

    private void assertNextHostIsServed() {
        controller.disconnect();
        try (RawHost next = RawHost.enabled(controller)) {
            assertThat(next.io(Entry.of(Opcode.FLUSH).namespace(1)).status()).isZero();
        }
    }
}
