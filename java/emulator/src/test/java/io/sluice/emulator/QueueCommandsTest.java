package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.RamDevice;
import io.sluice.emulator.RawHost.Answer;
import io.sluice.emulator.RawHost.Entry;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueCommandsTest {
    private static final int CONTIGUOUS = 1;
    private static final int INTERRUPTS = 2;
    private RawHost host;

    @BeforeEach
    void enable() throws IOException {
        EmulatedController controller = EmulatedController.builder()
                .namespace(new RamDevice("ram", 512, 2048))
                .ioQueuePairs(4)
                .maxQueueEntries(64)
                .interruptVectors(3)
                .build();
        host = new RawHost(controller);
        host.enable();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private Answer createCompletions(int id, int entries, int flags, int vector, long address) {
        return host.admin(Entry.of(Opcode.CREATE_COMPLETION_QUEUE)
                .pointer1(address)
                .dword10(((entries - 1) << 16) | id)
                .dword11(vector << 16 | flags));
    }

    private Answer createSubmissions(int id, int entries, int flags, int completions, long address) {
        return host.admin(Entry.of(Opcode.CREATE_SUBMISSION_QUEUE)
                .pointer1(address)
                .dword10(((entries - 1) << 16) | id)
                .dword11(completions << 16 | flags));
    }

    private Answer delete(int opcode, int id) {
        return host.admin(Entry.of(opcode).dword10(id));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 64, 3, 1, 0, 000",
        "4, 2, 1, 0, 0, 000",
        "0, 64, 3, 1, 0, 101",
        "5, 64, 3, 1, 0, 101",
        "65535, 64, 3, 1, 0, 101",
        "1, 1, 3, 1, 0, 102",
        "1, 65, 3, 1, 0, 102",
        "1, 65536, 3, 1, 0, 102",
        "1, 64, 2, 1, 0, 002",
        "1, 64, 3, 3, 0, 108",
        "1, 64, 3, 65535, 0, 108",
        "1, 64, 1, 65535, 0, 000",
        "1, 64, 3, 1, 8, 013",
        "1, 64, 3, 1, 1073741824, 004",
        "1, 64, 3, 1, -8589934592, 004",
    })
    void aCompletionQueueIsCreatedOrRefusedWithTheStatusOfTheSpecification(
            int id, int entries, int flags, int vector, long offset, String status) {
        assertThat(createCompletions(id, entries, flags, vector, RawHost.completionAddress(1) + offset)
                        .status())
                .isEqualTo(Integer.parseInt(status, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 64, 1, 1, 0, 000",
        "3, 2, 1, 1, 0, 000",
        "0, 64, 1, 1, 0, 101",
        "5, 64, 1, 1, 0, 101",
        "1, 64, 1, 0, 0, 101",
        "1, 64, 1, 2, 0, 100",
        "1, 64, 1, 5, 0, 101",
        "1, 1, 1, 1, 0, 102",
        "1, 65, 1, 1, 0, 102",
        "1, 64, 0, 1, 0, 002",
        "1, 64, 1, 1, 16, 013",
        "1, 64, 1, 1, 1073741824, 004",
    })
    void aSubmissionQueueIsCreatedOrRefusedWithTheStatusOfTheSpecification(
            int id, int entries, int flags, int completions, long offset, String status) {
        assertThat(createCompletions(1, 64, CONTIGUOUS | INTERRUPTS, 1, RawHost.completionAddress(1))
                        .status())
                .isZero();
        assertThat(createSubmissions(id, entries, flags, completions, RawHost.submissionAddress(1) + offset)
                        .status())
                .isEqualTo(Integer.parseInt(status, 16));
    }

    @Test
    void anIdentifierIsTakenOnce() {
        host.createQueues(1, 64);
        assertThat(createCompletions(1, 64, 1, 0, RawHost.completionAddress(2)).status())
                .isEqualTo(Status.INVALID_QUEUE_ID);
        assertThat(createSubmissions(1, 64, 1, 1, RawHost.submissionAddress(2)).status())
                .isEqualTo(Status.INVALID_QUEUE_ID);
    }

    @Test
    void aQueueIsDeletedAfterThoseThatUseIt() {
        host.createQueues(1, 64);
        assertThat(delete(Opcode.DELETE_COMPLETION_QUEUE, 1).status()).isEqualTo(Status.INVALID_QUEUE_DELETION);
        assertThat(delete(Opcode.DELETE_SUBMISSION_QUEUE, 1).status()).isZero();
        assertThat(delete(Opcode.DELETE_SUBMISSION_QUEUE, 1).status()).isEqualTo(Status.INVALID_QUEUE_ID);
        assertThat(delete(Opcode.DELETE_COMPLETION_QUEUE, 1).status()).isZero();
        assertThat(delete(Opcode.DELETE_COMPLETION_QUEUE, 1).status()).isEqualTo(Status.INVALID_QUEUE_ID);
        for (int id : new int[] {0, 5, 65535}) {
            assertThat(delete(Opcode.DELETE_SUBMISSION_QUEUE, id).status()).isEqualTo(Status.INVALID_QUEUE_ID);
            assertThat(delete(Opcode.DELETE_COMPLETION_QUEUE, id).status()).isEqualTo(Status.INVALID_QUEUE_ID);
        }
        host.createQueues(1, 64);
        assertThat(host.io(Entry.of(Opcode.READ).namespace(1).pointer1(RawHost.DATA))
                        .status())
                .isZero();
    }

    @Test
    void twoSubmissionQueuesCompleteInOneCompletionQueue() {
        host.createQueues(1, 64);
        assertThat(createSubmissions(2, 64, CONTIGUOUS, 1, RawHost.submissionAddress(2))
                        .status())
                .isZero();
        Entry read = Entry.of(Opcode.READ).namespace(1).pointer1(RawHost.DATA);
        int first = host.submit(1, read);
        host.ring(1);
        assertThat(host.await(1).command()).isEqualTo(first);
        // Queue 2 has no completion queue of its own: its ring is written by hand.
        host.bytes().put(RawHost.at(RawHost.submissionAddress(2)), host.read(RawHost.submissionAddress(1), 64));
        host.ringSubmission(2, 1);
        Answer answer = host.await(1);
        assertThat(answer.queue()).isEqualTo(2);
        assertThat(answer.head()).isEqualTo(1);
    }

    @Test
    void entrySizesThatWereNotConfiguredAreRefused() {
        host.configure(0);
        host.awaitStatus(1, 0);
        host.configureAdmin(RawHost.ADMIN_ENTRIES);
        host.configure(1);
        host.awaitStatus(1, 1);
        assertThat(createCompletions(1, 64, CONTIGUOUS, 0, RawHost.completionAddress(1))
                        .status())
                .isEqualTo(Status.INVALID_FIELD);
    }
}
