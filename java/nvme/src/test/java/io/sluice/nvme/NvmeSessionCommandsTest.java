package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.block.SessionStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the submission entries, and what never gets there. */
class NvmeSessionCommandsTest {
    private static final long WINDOW = 1000;
    private static final long WINDOW_BLOCKS = 500;

    private static ScriptedSession window() throws IOException {
        return ScriptedSession.open(new ScriptedController(), ScriptedSession.WRITEABLE.window(WINDOW, WINDOW_BLOCKS));
    }

    @Test
    void aReadNamesItsBlocksWithinTheWindowAndItsMemory() throws IOException {
        try (ScriptedSession s = window()) {
            s.submit(Operation.READ, 17, 8, 4096, 99);
            SubmissionEntry entry = s.commitAndFetchOne();

            assertThat(entry.opcode()).isEqualTo(0x02);
            assertThat(entry.flags()).isZero();
            assertThat(entry.namespaceId()).isEqualTo(1);
            assertThat(entry.firstBlock()).isEqualTo(WINDOW + 17);
            assertThat(entry.dword12()).isEqualTo(7);
            assertThat(entry.dword13()).isZero();
            assertThat(entry.dword14()).isZero();
            assertThat(entry.dword15()).isZero();
            assertThat(entry.pointer2()).isZero();
            s.device().memory(entry.pointer1(), 4096).putLong(0, 0x1122);
            assertThat(s.session().buffer().bytes().getLong(4096)).isEqualTo(0x1122);
        }
    }

    @Test
    void everyCommandNamesItsNamespace() throws IOException {
        ScriptedController device = new ScriptedController();
        device.namespace(7).putInt(128, 12 << 16);
        NvmeController controller = NvmeController.open(device, ControllerOptions.defaults());
        NvmeSession session = controller.namespace(7).open(ScriptedSession.WRITEABLE);
        for (Operation operation : Operation.values()) {
            session.submit(operation, 0, 1, session.buffer(), 0, operation.ordinal());
            session.commit();
            device.queue(1).completeAll();
            session.poll(new Recorder(), 1);
        }
        session.submit(Operation.READ, 3, 2, session.buffer(), 0, 9);
        session.commit();
        SubmissionEntry entry = device.queue(1).fetchOne();

        assertThat(entry.namespaceId()).isEqualTo(7);
        assertThat(entry.firstBlock()).isEqualTo(3);
        assertThat(entry.blocks()).isEqualTo(2);
        // 8192 bytes from the start of a page: two pages.
        assertThat(entry.pointer2()).isEqualTo(entry.pointer1() + 4096);
        device.fail();
        controller.close();
    }

    @Test
    void aDurableWriteForcesUnitAccessAndAnOrdinaryOneDoesNot() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.WRITE, 1, 2, 0, 1);
            SubmissionEntry ordinary = s.commitAndFetchOne();
            s.submit(Operation.WRITE_DURABLE, 1, 2, 0, 2);
            SubmissionEntry durable = s.commitAndFetchOne();

            assertThat(ordinary.opcode()).isEqualTo(0x01);
            assertThat(ordinary.dword12()).isEqualTo(1);
            assertThat(durable.opcode()).isEqualTo(0x01);
            assertThat(durable.dword12()).isEqualTo(1 << 30 | 1);
        }
    }

    @Test
    void aTrimNamesItsRangeInMemory() throws IOException {
        try (ScriptedSession s = window()) {
            s.submit(Operation.TRIM, 3, 400, 0, 1);
            SubmissionEntry entry = s.commitAndFetchOne();

            assertThat(entry.opcode()).isEqualTo(0x09);
            assertThat(entry.dword10()).as("one range").isZero();
            assertThat(entry.dword11()).as("deallocate").isEqualTo(4);
            assertThat(entry.dword12()).isZero();
            ByteBuffer range = s.device().memory(entry.pointer1(), 16);
            assertThat(range.getInt(0)).isZero();
            assertThat(range.getInt(4)).isEqualTo(400);
            assertThat(range.getLong(8)).isEqualTo(WINDOW + 3);
        }
    }

    @Test
    void trimsInFlightKeepRangesOfTheirOwn() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.TRIM, 10, (1L << 31) - 10, 0, 1);
            s.submit(Operation.TRIM, 20, 2, 0, 2);
            var entries = s.commitAndFetch();

            ByteBuffer first = s.device().memory(entries.get(0).pointer1(), 16);
            ByteBuffer second = s.device().memory(entries.get(1).pointer1(), 16);
            assertThat(first.getInt(4)).isEqualTo((1 << 31) - 10);
            assertThat(first.getLong(8)).isEqualTo(10);
            assertThat(second.getInt(4)).isEqualTo(2);
            assertThat(second.getLong(8)).isEqualTo(20);
        }
    }

    @Test
    void writeZeroesNamesItsBlocksAndNoMemory() throws IOException {
        ScriptedController device = new ScriptedController();
        try (ScriptedSession s = ScriptedSession.open(device, ScriptedSession.WRITEABLE.window(WINDOW, 0))) {
            s.submit(Operation.WRITE_ZEROES, 5, 65536, 0, 1);
            SubmissionEntry entry = s.commitAndFetchOne();

            assertThat(entry.opcode()).isEqualTo(0x08);
            assertThat(entry.firstBlock()).isEqualTo(WINDOW + 5);
            assertThat(entry.dword12()).isEqualTo(0xffff);
            assertThat(entry.pointer1()).isZero();
            assertThat(entry.pointer2()).isZero();
        }
    }

    @Test
    void aSyncIsAFlushWithoutBlocks() throws IOException {
        try (ScriptedSession s = window()) {
            // What was in the entry before must not show.
            for (int i = 0; i < 40; i++) {
                s.submit(Operation.WRITE_DURABLE, 9, 64, 4, i);
                s.session().commit();
                s.queue().completeAll();
                s.poll();
            }
            s.submit(Operation.SYNC, -1, -1, -1, 99);
            SubmissionEntry entry = s.commitAndFetchOne();

            assertThat(entry).isEqualTo(new SubmissionEntry(0, 0, entry.commandId(), 1, 0, 0, 0, 0, 0, 0, 0, 0));
        }
    }

    @ParameterizedTest(name = "offset {0}, {1} blocks")
    @CsvSource({"0, 1", "0, 8", "4, 8", "4092, 1", "512, 8", "0, 9", "4, 16", "2048, 20", "4092, 256", "0, 256"})
    void pagesOfATransferAreThoseOfItsMemory(int offset, int blocks) throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.READ, 0, blocks, offset, 1);
            SubmissionEntry entry = s.commitAndFetchOne();

            long base = entry.pointer1() - offset;
            int pages = (offset + blocks * 512 - 1) / 4096 + 1;
            if (pages == 1) {
                assertThat(entry.pointer2()).isZero();
            } else if (pages == 2) {
                assertThat(entry.pointer2()).isEqualTo(base + 4096);
            } else {
                ByteBuffer list = s.device().memory(entry.pointer2(), 8 * (pages - 1));
                for (int page = 1; page < pages; page++) {
                    assertThat(list.getLong(8 * (page - 1))).isEqualTo(base + 4096L * page);
                }
            }
            assertThat(s.session().buffer().size()).isEqualTo(1 << 20);
        }
    }

    @Test
    void dataIsDescribedByAnSglWhereThatIsWantedAndOffered() throws IOException {
        ScriptedController device = new ScriptedController();
        device.identity().putInt(536, 1);
        ControllerOptions options = ControllerOptions.defaults().sglUse(SglUse.ALWAYS);
        try (ScriptedSession s = ScriptedSession.open(device, ScriptedSession.WRITEABLE, options)) {
            s.submit(Operation.WRITE, 0, 100, 516, 1);
            SubmissionEntry write = s.commitAndFetchOne();
            s.submit(Operation.TRIM, 0, 1, 0, 2);
            SubmissionEntry trim = s.commitAndFetchOne();

            assertThat(write.flags()).as("PSDT").isEqualTo(1 << 6);
            assertThat(write.pointer2()).as("length, data block descriptor").isEqualTo(51_200);
            s.device().memory(write.pointer1(), 51_200);
            assertThat(trim.flags()).as("PSDT").isZero();
        }
    }

    @Test
    void dataIsDescribedByPrpsWhereSglsAreNotOffered() throws IOException {
        ControllerOptions options = ControllerOptions.defaults().sglUse(SglUse.ALWAYS);
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), ScriptedSession.WRITEABLE, options)) {
            s.submit(Operation.READ, 1);

            assertThat(s.commitAndFetchOne().flags()).isZero();
        }
    }

    @ParameterizedTest(name = "{0} blocks at {1}, offset {2}")
    @CsvSource({
        "0, 0, 0, at least 1",
        "-1, 0, 0, at least 1",
        "-9223372036854775808, 0, 0, at least 1",
        "1, -1, 0, window of 500 blocks",
        "1, 500, 0, window of 500 blocks",
        "2, 499, 0, window of 500 blocks",
        "1, 9223372036854775807, 0, window of 500 blocks",
        "500, -9223372036854775808, 0, window of 500 blocks",
        "501, 0, 0, window of 500 blocks",
        "9223372036854775807, 1, 0, window of 500 blocks",
        "257, 0, 0, at most 256 blocks",
        "1, 0, -4, do not fit",
        "1, 0, 1048576, do not fit",
        "2, 0, 1048064, do not fit",
        "1, 0, 9223372036854775804, do not fit",
        "1, 0, 2, no multiple of 4"
    })
    void transfersOutsideOfWindowOrMemoryAreRefused(long count, long block, long offset, String why)
            throws IOException {
        try (ScriptedSession s = window()) {
            for (Operation operation : new Operation[] {Operation.READ, Operation.WRITE, Operation.WRITE_DURABLE}) {
                assertThatThrownBy(() -> s.session()
                                .submit(operation, block, count, s.session().buffer(), offset, 1))
                        .isInstanceOfSatisfying(InvalidRequestException.class, refusal -> {
                            assertThat(refusal.operation()).isEqualTo(operation);
                            assertThat(refusal.firstBlock()).isEqualTo(block);
                            assertThat(refusal.blockCount()).isEqualTo(count);
                            assertThat(refusal.device()).isEqualTo("0000:5c:00.0/n1");
                        })
                        .hasMessageContaining(why);
            }
            assertThat(s.session().inFlight()).isZero();
            assertThat(s.commitAndFetch()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} blocks at {1}")
    @CsvSource({
        "0, 0, at least 1",
        "-9223372036854775808, 0, at least 1",
        "1, -1, window of 500 blocks",
        "2, 499, window of 500 blocks",
        "501, 0, window of 500 blocks",
        "1, 9223372036854775807, window of 500 blocks",
        "9223372036854775807, 9223372036854775807, window of 500 blocks"
    })
    void changesWithoutDataOutsideOfTheWindowAreRefused(long count, long block, String why) throws IOException {
        try (ScriptedSession s = window()) {
            for (Operation operation : new Operation[] {Operation.TRIM, Operation.WRITE_ZEROES}) {
                assertThatThrownBy(() -> s.submit(operation, block, count, 0, 1))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining(why);
            }
            assertThat(s.commitAndFetch()).isEmpty();
        }
    }

    @Test
    void theEdgesOfTheWindowAreWithinIt() throws IOException {
        try (ScriptedSession s = window()) {
            s.submit(Operation.READ, 499, 1, (1 << 20) - 512, 1);
            s.submit(Operation.WRITE, 0, 256, (1 << 20) - 256 * 512, 2);
            s.submit(Operation.TRIM, 0, 500, 0, 3);
            s.submit(Operation.WRITE_ZEROES, 0, 500, 0, 4);

            assertThat(s.commitAndFetch()).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"READ", "SYNC"})
    void aReadOnlySessionChangesNothing(Operation operation) throws IOException {
        try (ScriptedSession s = ScriptedSession.open(new ScriptedController(), SessionOptions.defaults())) {
            assertThatThrownBy(() -> s.submit(operation, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only");
            s.submit(Operation.READ, 1);
            s.submit(Operation.SYNC, 2);
            assertThat(s.commitAndFetch()).hasSize(2);
        }
    }

    @Test
    void memoryOfAnotherSessionOrNoneIsRefused() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            NvmeSession other = s.controller().namespace(1).open(ScriptedSession.WRITEABLE);
            IoBuffer heap = new IoBuffer() {
                @Override
                public int size() {
                    return 4096;
                }

                @Override
                public ByteBuffer bytes() {
                    return ByteBuffer.allocate(4096);
                }
            };
            for (IoBuffer memory : new IoBuffer[] {other.buffer(), heap, null}) {
                assertThatThrownBy(() -> s.session().submit(Operation.READ, 0, 1, memory, 0, 1))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("not of this session");
            }
        }
    }

    @Test
    void whatTheDeviceCannotDoIsRefused() throws IOException {
        ScriptedController device = new ScriptedController();
        device.identity().putShort(520, (short) 0);
        try (ScriptedSession s = ScriptedSession.open(device, ScriptedSession.WRITEABLE)) {
            for (Operation operation : new Operation[] {Operation.TRIM, Operation.WRITE_ZEROES}) {
                assertThatThrownBy(() -> s.submit(operation, 0))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("cannot do that");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 300})
    void aFullSessionSaysSoAndGoesOnAfterAPoll(int depth) throws IOException {
        try (ScriptedSession s =
                ScriptedSession.open(new ScriptedController(), ScriptedSession.WRITEABLE.queueDepth(depth))) {
            assertThat(s.session().queueDepth()).isEqualTo(depth);
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < depth; i++) {
                    s.submit(Operation.READ, 1000L * round + i);
                }
                for (Operation operation : Operation.values()) {
                    assertThat(s.session().submit(operation, 0, 1, s.session().buffer(), 0, -1))
                            .isFalse();
                }
                assertThat(s.session().inFlight()).isEqualTo(depth);
                s.session().commit();
                assertThat(s.queue().completeAll()).isEqualTo(depth);
                assertThat(s.poll()).isEqualTo(depth);
            }
            assertThat(s.recorder().completed()).hasSize(5 * depth);
        }
    }

    @Test
    void aSmallQueueOfTheControllerLimitsTheDepth() throws IOException {
        ScriptedController device = new ScriptedController();
        device.capabilities((device.capabilities() & ~0xffffL) | 1);
        try (ScriptedSession s = ScriptedSession.open(device, ScriptedSession.WRITEABLE)) {
            assertThat(s.session().queueDepth()).isEqualTo(1);
            for (int i = 0; i < 20; i++) {
                s.submit(Operation.READ, i);
                s.session().commit();
                s.queue().completeAll();
                assertThat(s.poll()).isEqualTo(1);
            }
        }
    }

    @Test
    void pollReportsNoMoreThanAskedFor() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            for (int i = 0; i < 5; i++) {
                s.submit(Operation.READ, i);
            }
            s.session().commit();
            s.queue().completeAll();

            assertThat(s.session().poll(s.recorder(), 2)).isEqualTo(2);
            assertThat(s.session().poll(s.recorder(), 1)).isEqualTo(1);
            assertThat(s.session().inFlight()).isEqualTo(2);
            assertThat(s.session().poll(s.recorder(), 9)).isEqualTo(2);
            assertThat(s.recorder().completed()).containsExactly(0L, 1L, 2L, 3L, 4L);
        }
    }

    @Test
    void whatIsNotCommittedIsNotKnownToTheDevice() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.READ, 1);
            assertThat(s.queue().fetch()).isEmpty();
            s.session().commit();
            assertThat(s.queue().fetch()).hasSize(1);
        }
    }

    @Test
    void statisticsCountWhatWasDone() throws IOException {
        try (ScriptedSession s = ScriptedSession.open()) {
            s.submit(Operation.READ, 0, 3, 0, 1);
            s.submit(Operation.WRITE, 0, 5, 0, 2);
            s.submit(Operation.TRIM, 0, 100, 0, 3);
            s.submit(Operation.READ, 0, 9, 0, 4);
            var entries = s.commitAndFetch();
            entries.subList(0, 3).forEach(s.queue()::complete);
            s.queue().post(entries.get(3).commandId(), 0x281, 0);
            s.queue().post(0x7777, 0, 0);
            s.submit(Operation.SYNC, 5);
            s.session().commit();
            s.poll();
            s.queue().completeAll();
            s.poll();

            assertThat(s.session().statistics()).isEqualTo(new SessionStatistics(1, 2, 1, 3, 105, 1, 1, 2, 2, 0, 0, 0));
        }
    }

    @Test
    void aFailedCommandIsReportedWithItsStatusAndItsBlocksOfTheWindow() throws IOException {
        try (ScriptedSession s = window()) {
            s.submit(Operation.READ, 40, 8, 0, 7);
            SubmissionEntry entry = s.commitAndFetchOne();
            s.queue().post(entry.commandId(), 0x4281, 0);
            s.poll();

            assertThat(s.recorder().failure(7))
                    .isInstanceOfSatisfying(CommandFailedException.class, failure -> {
                        assertThat(failure.status()).isEqualTo(new Status(2, 0x81, false, true));
                        assertThat(failure.firstBlock()).isEqualTo(40);
                        assertThat(failure.blockCount()).isEqualTo(8);
                    })
                    .hasMessage("read of 8 blocks at block 40 on 0000:5c:00.0/n1: Unrecovered Read Error"
                            + " (2h/81h, do not retry)");
        }
    }
}
