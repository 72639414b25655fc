package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RingTest {
    private static final int ENTRIES = 8;

    @TempDir
    Path directory;

    @BeforeAll
    static void findIoUring() throws IOException {
        try {
            Ring.open(RingOptions.ofEntries(1)).close();
        } catch (RingUnavailableException none) {
            assumeTrue(false, none.getMessage());
        }
    }

    private static void push(Ring ring, long head, long offset, long address, long length, long userData) {
        LongBuffer entry = ring.entries();
        int at = ring.entry();
        assertThat(at).isNotNegative();
        entry.put(at + RingEntry.HEAD, head);
        entry.put(at + RingEntry.OFFSET, offset);
        entry.put(at + RingEntry.ADDRESS, address);
        entry.put(at + RingEntry.LENGTH, length);
        entry.put(at + RingEntry.USER_DATA, userData);
        entry.put(at + RingEntry.BUFFER, 0);
        entry.put(at + RingEntry.COMMAND, 0);
        entry.put(at + RingEntry.COMMAND + 1, 0);
        ring.push();
    }

    private static void pushNothing(Ring ring, long userData) {
        push(ring, RingOperation.NOP.code(), 0, 0, 0, userData);
    }

    private static int resultOf(Ring ring, long userData) {
        while (!ring.ready()) {
            assertThat(ring.await(1, -1)).isNotNegative();
        }
        assertThat(ring.userData()).isEqualTo(userData);
        int result = ring.result();
        ring.next();
        ring.release();
        return result;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRingGoesRoundAndRound(boolean large) throws IOException {
        try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES).largeEntries(large))) {
            for (long i = 0; i < 5 * ENTRIES; i++) {
                pushNothing(ring, i << 32 | 7);
                assertThat(ring.hasPending()).isTrue();
                assertThat(ring.submit()).isEqualTo(1);
                assertThat(ring.hasPending()).isFalse();
                assertThat(ring.inFlight()).isEqualTo(1);
                assertThat(resultOf(ring, i << 32 | 7)).isZero();
                assertThat(ring.inFlight()).isZero();
            }
        }
    }

    @Test
    void aFullQueueHasNoEntryUntilTheKernelTookSome() throws IOException {
        try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
            for (int i = 0; i < ENTRIES; i++) {
                pushNothing(ring, i);
            }
            assertThat(ring.entry()).isNegative();
            assertThat(ring.ready()).isFalse();
            assertThat(ring.submit()).isEqualTo(ENTRIES);
            assertThat(ring.entry()).isNotNegative();
            for (int i = 0; i < ENTRIES; i++) {
                assertThat(resultOf(ring, i)).isZero();
            }
            assertThat(ring.ready()).isFalse();
        }
    }

    @Test
    void theKernelsThreadTakesEntriesAwakeAndAsleep() throws IOException, InterruptedException {
        try (Ring ring =
                Ring.open(RingOptions.ofEntries(ENTRIES).submissionPolling(true).idleMillis(1))) {
            for (int i = 0; i < 50; i++) {
                pushNothing(ring, i);
                assertThat(ring.submit()).isNotNegative();
                assertThat(resultOf(ring, i)).isZero();
                if (i % 10 == 9) {
                    // It falls asleep meanwhile.
                    Thread.sleep(5);
                }
            }
        }
    }

    @Test
    void waitingEndsWithTheTime() throws IOException {
        try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
            assertThat(ring.await(1, 1_000_000)).isEqualTo(-Errno.ETIME.intValue());
            assertThat(ring.await(1, 0)).isEqualTo(-Errno.ETIME.intValue());
            assertThat(ring.await(0, 0)).isZero();
        }
    }

    @Test
    void dataMovesBetweenTheRegisteredFileAndTheRegisteredBuffer() throws IOException {
        Path path = Files.write(
                directory.resolve("file"), "some content".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES));
                OpenFile file = OpenFile.open(path, OpenFile.Mode.WRITE);
                SharedMemory shared = SharedMemory.allocate("ring-test", 4096, PageChoice.PLAIN);
                MappedMemory memory = shared.map()) {
            ring.registerFile(file);
            ring.registerBuffer(memory);
            ByteBuffer bytes = memory.buffer();
            push(ring, RingEntry.head(RingOperation.READ_FIXED), 5, memory.address() + 100, 7, 1);
            assertThat(resultOf(ring, 1)).isEqualTo(7);
            byte[] read = new byte[7];
            bytes.get(100, read);
            assertThat(read).asString().isEqualTo("content");

            bytes.put(200, (byte) '!');
            push(ring, RingEntry.head(RingOperation.WRITE_FIXED), 12, memory.address() + 200, 1, 2);
            assertThat(resultOf(ring, 2)).isEqualTo(1);
            assertThat(path).hasContent("some content!");

            push(ring, RingEntry.head(RingOperation.READ_FIXED), 0, memory.address() + 4096, 1, 3);
            assertThat(resultOf(ring, 3)).isEqualTo(-Errno.EFAULT.intValue());
        }
    }

    @Test
    void completionsMakeEvents() throws IOException {
        try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES));
                EventDescriptor event = EventDescriptor.create()) {
            ring.registerEvent(event);
            assertThat(event.await(0)).isFalse();
            pushNothing(ring, 1);
            ring.submit();
            assertThat(event.await(-1)).isTrue();
            assertThat(resultOf(ring, 1)).isZero();
            ring.unregisterEvent();
            pushNothing(ring, 2);
            ring.submit();
            assertThat(resultOf(ring, 2)).isZero();
            assertThat(event.await(0)).isFalse();
        }
    }

    @Test
    void theKernelNamesItsOperations() throws IOException {
        try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
            assertThat(ring.supports(RingOperation.READ_FIXED)).isTrue();
            assertThat(ring.supports(RingOperation.FALLOCATE)).isTrue();
        }
    }

    @Test
    void aClosedRingIsHarmless() throws IOException {
        Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES));
        for (int i = 0; i < 3; i++) {
            pushNothing(ring, i);
            ring.submit();
            resultOf(ring, i);
        }
        ring.close();
        ring.close();
        assertThat(ring.submit()).isEqualTo(-Errno.EBADF.intValue());
        assertThat(ring.await(1, -1)).isEqualTo(-Errno.EBADF.intValue());
        assertThat(ring.ready()).isFalse();
        ring.entries().put(0, 1);
        try (EventDescriptor event = EventDescriptor.create()) {
            assertThatThrownBy(() -> ring.registerEvent(event)).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void optionsThatCannotBeMeantAreRefused() {
        assertThatThrownBy(() -> RingOptions.ofEntries(0)).hasMessageContaining("1 to 32768");
        assertThatThrownBy(() -> RingOptions.ofEntries(32769)).hasMessageContaining("1 to 32768");
        assertThatThrownBy(() -> RingOptions.ofEntries(1).idleMillis(0)).hasMessageContaining("1 or more");
    }
}
