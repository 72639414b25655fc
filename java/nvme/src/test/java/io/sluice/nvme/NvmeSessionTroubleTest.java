package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Operation;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that never complete, controllers that die, handlers that throw, and use after close. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NvmeSessionTroubleTest {
    private static final SessionOptions IMPATIENT = ScriptedSession.WRITEABLE.deadline(Duration.ofMillis(30));

    private static void sleepMillis(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void pollUntilNothingIsInFlight(ScriptedSession s) throws BlockIoException {
        while (s.session().inFlight() > 0) {
            s.poll();
        }
    }

    @Test
    void aCommandThatNeverCompletesFailsAfterItsDeadline() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), IMPATIENT)) {
            s.submit(Operation.WRITE, 5, 2, 0, 77);
            s.session().commit();
            pollUntilNothingIsInFlight(s);

            assertThat(s.recorder().failure(77))
                    .isInstanceOf(DeadlineException.class)
                    .hasMessageContaining("write of 2 blocks at block 5")
                    .hasMessageContaining("no answer within 30 ms");
            assertThat(s.session().statistics().failures()).isEqualTo(1);
        }
    }

    @Test
    void theOthersOfTheQueueGoOnWhenOneFails() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), IMPATIENT)) {
            s.submit(Operation.READ, 0);
            SubmissionEntry stuck = s.commitAndFetchOne();
            for (long tag = 1; s.recorder().failed().isEmpty(); tag++) {
                s.submit(Operation.READ, tag);
                s.session().commit();
                s.queue().completeAll();
                while (s.session().inFlight() > 1) {
                    s.poll();
                }
                s.poll();
            }

            assertThat(s.recorder().failed()).containsOnlyKeys(0L);
            s.queue().complete(stuck);
            assertThat(s.poll()).isZero();
            assertThat(s.session().statistics().strays()).isEqualTo(1);
        }
    }

    @Test
    void aStuckCommandIsFoundThoughTheQueueNeverRunsEmpty() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), IMPATIENT)) {
            s.submit(Operation.READ, -1 & 0xffff);
            assertThat(s.commitAndFetchOne()).isNotNull();
            Completion keepsGoing = new Completion() {
                @Override
                public void completed(long tag) {}

                @Override
                public void failed(long tag, BlockIoException failure) {
                    s.recorder().failed(tag, failure);
                }
            };
            s.submit(Operation.READ, 1);
            s.session().commit();
            s.queue().completeAll();
            while (s.recorder().failed().isEmpty()) {
                // One ahead of the poll, always.
                s.submit(Operation.READ, 2);
                s.session().commit();
                s.queue().completeAll();
                assertThat(s.session().poll(keepsGoing, 1)).isEqualTo(1);
                if (!s.recorder().failed().isEmpty()) {
                    break;
                }
            }

            assertThat(s.recorder().failed()).containsOnlyKeys(0xffffL);
            s.queue().completeAll();
            s.session().poll(keepsGoing, 10);
        }
    }

    @Test
    void aLateCompletionIsReportedToNobodyAndFreesItsSlot() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), IMPATIENT.queueDepth(1))) {
            s.submit(Operation.READ, 1);
            SubmissionEntry late = s.commitAndFetchOne();
            pollUntilNothingIsInFlight(s);
            assertThat(s.recorder().failure(1)).isInstanceOf(DeadlineException.class);
            // Its slot is still the device's, and there is no other.
            for (Operation operation : Operation.values()) {
                assertThatThrownBy(() ->
                                s.session().submit(operation, 0, 1, s.session().buffer(), 0, 2))
                        .isInstanceOf(DeadlineException.class)
                        .hasMessageContaining("1 slots")
                        .hasMessageContaining("close the session");
            }

            s.queue().complete(late);
            assertThat(s.poll()).isZero();
            s.submit(Operation.READ, 3);
            SubmissionEntry next = s.commitAndFetchOne();
            s.queue().complete(late);
            assertThat(s.poll()).isZero();
            s.queue().complete(next);
            assertThat(s.poll()).isEqualTo(1);
            assertThat(s.recorder().completed()).containsExactly(3L);
            assertThat(s.session().statistics().strays()).isEqualTo(2);
        }
    }

    @Test
    void aStallOfThePollerExpiresNothingThatIsComplete() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(
                new ScriptedController(), ScriptedSession.WRITEABLE.deadline(Duration.ofSeconds(1)))) {
            for (int i = 0; i < 16; i++) {
                s.submit(Operation.READ, i);
            }
            s.session().commit();
            // The commands are known to be under way, then the poller stands still for longer than their deadline.
            s.pollUntilLook();
            sleepMillis(1100);
            assertThat(s.session().await(0)).as("the next poll will look").isFalse();
            s.queue().completeAll();
            for (int i = 0; i < 16; i++) {
                assertThat(s.session().poll(s.recorder(), 1)).isEqualTo(1);
            }

            assertThat(s.recorder().failed()).isEmpty();
            assertThat(s.recorder().completed()).hasSize(16);
        }
    }

    @Test
    void aSyncThatIsHeldBackFailsWithTheWriteBeforeItAndIsNeverSent() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), IMPATIENT)) {
            s.submit(Operation.WRITE, 1);
            s.submit(Operation.SYNC, 2);
            SubmissionEntry write = s.commitAndFetchOne();
            pollUntilNothingIsInFlight(s);

            assertThat(s.recorder().failed()).containsOnlyKeys(1L, 2L);
            // Either was given up first; a flush that was let go by the write's failure is one that nobody waits for.
            s.queue().complete(write);
            s.poll();
            s.submit(Operation.SYNC, 3);
            s.session().commit();
            s.queue().completeAll();
            s.poll();
            assertThat(s.recorder().completed()).containsExactly(3L);
        }
    }

    @Test
    void awaitFindsACommandThatIsOverdue() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), IMPATIENT)) {
            s.submit(Operation.READ, 1);
            while (!s.session().await(1_000_000_000)) {
                assertThat(s.poll()).isZero();
            }
            while (s.poll() == 0) {
                Thread.onSpinWait();
            }
            assertThat(s.recorder().failure(1)).isInstanceOf(DeadlineException.class);
        }
    }

    @Test
    void awaitCommitsAndSeesACompletion() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.READ, 1);
            assertThat(s.session().await(0)).isFalse();
            assertThat(s.queue().completeAll()).isEqualTo(1);
            assertThat(s.session().await(0)).isTrue();
            assertThat(s.session().await(Long.MAX_VALUE)).isTrue();
        }
    }

    @Test
    void awaitSleepsOnTheInterruptOfTheSession() throws IOException {
        ScriptedController device = new ScriptedController().interrupts(3);
        try (ScriptedSession s = ScriptedSession.open(device, ScriptedSession.WRITEABLE.interrupts(true))) {
            assertThat(s.session().hasInterrupt()).isTrue();
            device.interrupt(1).beforeWait(() -> {
                if (s.queue().completeAll() > 0) {
                    device.interrupt(1).raise();
                }
            });
            s.submit(Operation.READ, 1);
            assertThat(s.session().await(Long.MAX_VALUE)).isTrue();
            assertThat(s.poll()).isEqualTo(1);
            assertThat(s.queue().unreleased())
                    .as("a controller that coalesces wants to know at once")
                    .isZero();
        }
    }

    @Test
    void awaitFindsACompletionWhoseInterruptWasLost() throws IOException {
        ScriptedController device = new ScriptedController().interrupts(3);
        try (ScriptedSession s = ScriptedSession.open(device, ScriptedSession.WRITEABLE.interrupts(true))) {
            device.interrupt(1).beforeWait(s.queue()::completeAll);
            s.submit(Operation.READ, 1);

            assertThat(s.session().await(Long.MAX_VALUE)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDeathOfTheControllerFailsEachOperationOnce(boolean removed) throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            for (int i = 0; i < 10; i++) {
                s.submit(i % 3 == 0 ? Operation.WRITE : i % 3 == 1 ? Operation.READ : Operation.SYNC, i);
            }
            List<SubmissionEntry> commands = s.commitAndFetch();
            s.queue().complete(commands.get(0));
            if (removed) {
                s.device().remove();
            } else {
                s.device().fail();
            }
            // Two at a time: what is reported once must not be reported by the next poll.
            while (s.session().inFlight() > 0) {
                s.session().poll(s.recorder(), 2);
            }

            assertThat(s.recorder().completed()).containsExactly(0L);
            assertThat(s.recorder().failed()).hasSize(9);
            assertThat(s.recorder().failed().values())
                    .allSatisfy(f -> assertThat(f).isInstanceOf(DeviceGoneException.class));
            assertThat(s.controller().state()).isEqualTo(ControllerState.DEAD);
            assertThatThrownBy(s::poll).isInstanceOf(DeviceGoneException.class);
            assertThatThrownBy(() -> s.submit(Operation.READ, 99)).isInstanceOf(DeviceGoneException.class);
            assertThatThrownBy(() -> s.session().await(1)).isInstanceOf(DeviceGoneException.class);
            assertThatThrownBy(() -> s.controller().smartLog()).isInstanceOf(DeviceGoneException.class);
            assertThatThrownBy(() -> s.controller().namespace(1)).isInstanceOf(DeviceGoneException.class);
            s.session().close();
        }
    }

    @Test
    void memoryOfASessionOnADeadControllerIsKeptUntilTheFunctionIsClosed() throws IOException {
        ScriptedSession s = ScriptedSession.open();
        int memories = s.device().memories();
        s.submit(Operation.READ, 1);
        s.session().commit();
        s.device().fail();
        while (s.session().inFlight() > 0) {
            s.poll();
        }
        s.session().close();
        assertThat(s.device().memories()).isEqualTo(memories);

        s.controller().close();
        assertThat(s.device().memories()).isZero();
    }

    @Test
    void anExceptionInTheHandlerLosesNothingElse() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < 4; i++) {
                    s.submit(Operation.WRITE, 4L * round + i);
                }
                s.session().commit();
                s.queue().completeAll();
                Completion throwing = new Completion() {
                    @Override
                    public void completed(long tag) {
                        s.recorder().completed(tag);
                        throw new IllegalStateException("handler " + tag);
                    }

                    @Override
                    public void failed(long tag, BlockIoException failure) {}
                };
                for (int i = 0; i < 4; i++) {
                    long tag = 4L * round + i;
                    assertThatThrownBy(() -> s.session().poll(throwing, 8)).hasMessage("handler " + tag);
                }
                assertThat(s.session().inFlight()).isZero();
            }
            s.submit(Operation.SYNC, 1000);
            s.session().commit();
            s.queue().completeAll();
            assertThat(s.poll()).isEqualTo(1);
            assertThat(s.recorder().completed()).hasSize(401);
        }
    }

    @Test
    void aHandlerMaySubmitAndCommit() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), ScriptedSession.WRITEABLE)) {
            Completion again = new Completion() {
                @Override
                public void completed(long tag) {
                    s.recorder().completed(tag);
                    if (tag < 1000) {
                        try {
                            s.submit(Operation.READ, tag + 16);
                        } catch (BlockIoException e) {
                            throw new AssertionError(e);
                        }
                        s.session().commit();
                        s.queue().completeAll();
                    }
                }

                @Override
                public void failed(long tag, BlockIoException failure) {}
            };
            for (int i = 0; i < 16; i++) {
                s.submit(Operation.READ, i);
            }
            s.session().commit();
            s.queue().completeAll();
            while (s.session().inFlight() > 0) {
                s.session().poll(again, Integer.MAX_VALUE);
            }
            assertThat(s.recorder().completed()).hasSize(1016);
        }
    }

    @Test
    void aHandlerThatClosesTheSessionAgainstTheRulesHarmsNobody() throws IOException {
        ScriptedController device = new ScriptedController().interrupts(2);
        int completionDoorbell = Registers.DOORBELLS + 3 * 4;
        try (ScriptedSession s = ScriptedSession.open(device, ScriptedSession.WRITEABLE.interrupts(true))) {
            AtomicReference<IOException> failure = new AtomicReference<>();
            Completion closing = new Completion() {
                @Override
                public void completed(long tag) {
                    try {
                        s.session().close();
                        device.bar(0).write32(completionDoorbell, 0);
                    } catch (IOException e) {
                        failure.set(e);
                    }
                }

                @Override
                public void failed(long tag, BlockIoException f) {}
            };
            for (int i = 0; i < 4; i++) {
                s.submit(Operation.READ, i);
            }
            s.session().commit();
            s.queue().completeAll();
            s.session().poll(closing, 10);

            assertThat(failure.get()).isNull();
            assertThat(device.bar(0).read32(completionDoorbell))
                    .as("doorbell of the deleted queue")
                    .isZero();
            assertThatThrownBy(s::poll).isInstanceOf(SessionClosedException.class);
            try (NvmeSession next = s.controller().namespace(1).open(ScriptedSession.WRITEABLE)) {
                assertThat(next.queueId()).isEqualTo(1);
            }
        }
    }

    @Test
    void aClosedSessionRefusesEverythingAndStaysHarmless() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            int memories = s.device().memories();
            s.session().close();
            s.session().close();

            assertThat(s.device().queueIds()).isEmpty();
            assertThat(s.device().memories()).isEqualTo(memories - 2);
            for (Operation operation : Operation.values()) {
                assertThatThrownBy(() -> s.submit(operation, 1))
                        .isInstanceOf(SessionClosedException.class)
                        .hasMessageContaining("0000:5c:00.0/n1");
            }
            assertThatThrownBy(s::poll).isInstanceOf(SessionClosedException.class);
            assertThatThrownBy(() -> s.session().await(0)).isInstanceOf(SessionClosedException.class);
            s.session().commit();
            assertThat(s.session().inFlight()).isZero();
            assertThat(s.session().buffer().bytes().capacity()).isEqualTo(1 << 20);
            s.session().buffer().bytes().putLong(0, 1);
            assertThat(s.session().statistics().reads()).isZero();
            assertThat(s.session().geometry().blockBytes()).isEqualTo(512);
            assertThat(s.session()).asString().isNotEmpty();
        }
    }

    @Test
    void closeTellsTheDeviceOfWhatWasSubmittedAndWaitsForIt() throws IOException {
        ScriptedController device = new ScriptedController().interrupts(2);
        try (ScriptedSession s = ScriptedSession.open(device, ScriptedSession.WRITEABLE.interrupts(true))) {
            List<SubmissionEntry> seen = new ArrayList<>();
            device.interrupt(1).beforeWait(() -> {
                for (SubmissionEntry entry : s.queue().fetch()) {
                    seen.add(entry);
                    s.queue().complete(entry);
                }
            });
            s.submit(Operation.WRITE, 1);
            s.submit(Operation.SYNC, 2);
            s.session().close();

            assertThat(seen).extracting(SubmissionEntry::opcode).containsExactly(1, 0);
        }
    }

    @Test
    void closeGivesUpWaitingAfterTheDeadline() throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), IMPATIENT)) {
            s.submit(Operation.WRITE, 1);
            s.session().close();

            assertThat(s.device().queueIds()).isEmpty();
            assertThatThrownBy(s::poll).isInstanceOf(SessionClosedException.class);
        }
    }

    @Test
    void memoryStaysWhenTheDeletionOfTheQueueIsNotConfirmed() throws IOException {
        ControllerOptions impatient = ControllerOptions.defaults().adminDeadline(Duration.ofMillis(20));
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), ScriptedSession.WRITEABLE, impatient)) {
            int memories = s.device().memories();
            s.device().ignore(0x00);

            assertThatThrownBy(s.session()::close).isInstanceOf(DeadlineException.class);
            assertThat(s.device().memories()).isEqualTo(memories);
            s.device().answerIgnored();
            try (NvmeSession next = s.controller().namespace(1).open(ScriptedSession.WRITEABLE)) {
                assertThat(next.queueId())
                        .as("the identifier is not used again")
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void closingTheControllerClosesItsSessions() throws IOException {
        ScriptedSession s = ScriptedSession.open();
        s.controller().close();

        assertThatThrownBy(() -> s.submit(Operation.READ, 1)).isInstanceOf(SessionClosedException.class);
        s.session().close();
        assertThat(s.device().memories()).isZero();
        assertThat(catchThrowable(() -> s.session().commit())).isNull();
    }
}
