package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.FencedException;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.LimitedSession;
import io.sluice.block.Limits;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.Rate;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.partition.table.TestTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets which partition, by the example of a device in memory. */
class MediatorTest implements Completion {
    private static final SessionOptions READING = SessionOptions.defaults().bufferBytes(64 << 10);
    private static final SessionOptions WRITING = READING.writeable(true);

    private final RamDevice device = new RamDevice("ram", 512, 4096);
    private final List<MediatorEvent> events = new ArrayList<>();
    private final List<Long> done = new ArrayList<>();
    private Mediator mediator;

    private final Policy one = Policy.of("one", new LabelPattern.Exact("one"), new PartitionChoice.ByNumber(1))
            .writeable(true);
    private final Policy readers = Policy.of(
                    "readers", new LabelPattern.Prefix("reader/"), new PartitionChoice.ByName("p2"))
            .shared(true);
    private final Policy guest = Policy.of(
                    "guest", new LabelPattern.Suffix("/guest"), new PartitionChoice.ByGuid(TestTable.guid(3)))
            .writeable(true)
            .sessions(2);

    @BeforeEach
    void partition() throws IOException {
        new TestTable(device)
                .with(1, 64, 512)
                .with(2, 1024, 256)
                .with(3, 2048, 1024)
                .writeTo(device);
        mediator = mediator(device, one, readers, guest);
    }

    private Mediator mediator(BlockDevice over, Policy... policies) throws IOException {
        return Mediator.over(
                over, Policies.of(policies), MediatorOptions.defaults().events(events::add));
    }

    @AfterEach
    void close() throws IOException {
        mediator.close();
        device.close();
    }

    @Override
    public void completed(long tag) {
        done.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        throw new AssertionError(failure);
    }

    private void perform(BlockSession session, Operation operation, long block, int count) throws IOException {
        assertThat(session.submit(operation, block, count, session.buffer(), 0, 1))
                .isTrue();
        session.commit();
        assertThat(session.await(1_000_000_000)).isTrue();
        assertThat(session.poll(this, 1)).isEqualTo(1);
    }

    @Test
    void theClientHasASessionOfTheDeviceItselfAndItsWindowIsThePartition() throws IOException {
        try (BlockSession mediated = mediator.open("one", WRITING);
                BlockSession direct = device.open(WRITING)) {
            assertThat(mediated.getClass()).as("nothing stands between").isEqualTo(direct.getClass());
            assertThat(mediated.geometry().blockCount()).isEqualTo(512);
            mediated.buffer().bytes().putLong(0, 42);
            perform(mediated, Operation.WRITE, 511, 1);
            perform(direct, Operation.READ, 575, 1);
            assertThat(direct.buffer().bytes().getLong(0)).isEqualTo(42);
        }
    }

    @Test
    void aWindowOfTheClientNarrowsThePartitionAndNeverWidensIt() throws IOException {
        try (BlockSession session = mediator.open("one", WRITING.window(500, 12))) {
            assertThat(session.geometry().blockCount()).isEqualTo(12);
            assertThatThrownBy(() -> session.submit(Operation.READ, 12, 1, session.buffer(), 0, 0))
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(mediator.report().sessions()).singleElement().satisfies(open -> {
                assertThat(open.grant().window().firstBlock()).isEqualTo(564);
                assertThat(open.grant().window().blockCount()).isEqualTo(12);
            });
        }
        for (long[] wrong : new long[][] {
            {512, 0}, {0, 513}, {511, 2}, {Long.MAX_VALUE, 1}, {1, Long.MAX_VALUE}, {Long.MAX_VALUE, Long.MAX_VALUE}
        }) {
            assertThatThrownBy(() -> mediator.open("one", WRITING.window(wrong[0], wrong[1])))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("partition 1 'p1'");
        }
        assertThat(mediator.report().sessions()).isEmpty();
    }

    @Test
    void aLabelThatNoPolicyKnowsIsDeniedByItsName() {
        assertThatThrownBy(() -> mediator.open("stranger", READING))
                .isInstanceOf(SessionDeniedException.class)
                .hasMessage("ram: no session for label 'stranger': no policy is for it");
        assertThat(events.get(events.size() - 1))
                .isEqualTo(new MediatorEvent.Denied(
                        "stranger", "ram: no session for label 'stranger': no policy is for it"));
    }

    @Test
    void aPolicyWhosePartitionIsNotThereGrantsNothing() throws IOException {
        Policy[] policies = {
            Policy.of("a", new LabelPattern.Exact("a"), new PartitionChoice.ByNumber(9)),
            Policy.of(
                    "b",
                    new LabelPattern.Exact("b"),
                    new PartitionChoice.ByType("0FC63DAF-8483-4772-8e79-3d69d8477de4"))
        };
        try (Mediator other = mediator(device, policies)) {
            assertThatThrownBy(() -> other.open("a", READING))
                    .isInstanceOf(SessionDeniedException.class)
                    .hasMessageContaining("gives the partition of number 9, of which there is none in the table (GPT)");
            assertThatThrownBy(() -> other.open("b", READING)).hasMessageContaining("of which there are 3");
        }
    }

    @Test
    void nothingIsWriteableUnlessThePolicySaysSo() throws IOException {
        assertThatThrownBy(() -> mediator.open("reader/1", WRITING))
                .isInstanceOf(SessionDeniedException.class)
                .hasMessageContaining("policy 'readers' lets it read alone; open the session read-only");
        try (BlockSession session = mediator.open("reader/1", READING)) {
            assertThat(session.geometry().writeable()).isFalse();
            assertThatThrownBy(() -> session.submit(Operation.WRITE, 0, 1, session.buffer(), 0, 0))
                    .isInstanceOf(InvalidRequestException.class);
        }
        try (BlockSession session = mediator.open("one", READING)) {
            assertThat(session.geometry().writeable()).as("it asked for less").isFalse();
        }
    }

    @Test
    void aPartitionHasOneLabelAtATimeAndItIsFreeWhenTheSessionHasEnded() throws IOException {
        BlockSession first = mediator.open("x/guest", WRITING);
        assertThatThrownBy(() -> mediator.open("y/guest", READING))
                .isInstanceOf(SessionDeniedException.class)
                .hasMessageContaining("label 'y/guest'")
                .hasMessageContaining("partition 3 'p3' is in use by 'x/guest'");
        BlockSession second = mediator.open("x/guest", WRITING);
        assertThatThrownBy(() -> mediator.open("x/guest", WRITING))
                .hasMessageContaining("it has 2 sessions on partition 3 'p3' already");
        first.close();
        second.close();
        mediator.open("y/guest", WRITING).close();
        assertThat(mediator.report().sessions()).isEmpty();
        assertThat(events.stream().filter(MediatorEvent.Ended.class::isInstance))
                .hasSize(3);
    }

    @Test
    void readersShareAPartition() throws IOException {
        List<BlockSession> sessions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sessions.add(mediator.open("reader/" + i, READING));
        }
        for (BlockSession session : sessions) {
            perform(session, Operation.READ, 255, 1);
        }
        assertThat(mediator.report().sessions()).hasSize(8);
    }

    @Test
    void theMostPrecisePolicyCounts() throws IOException {
        Policy everybody = Policy.of("all", new LabelPattern.Prefix(""), new PartitionChoice.ByNumber(1));
        Policy longer = Policy.of("vm", new LabelPattern.Prefix("vm/"), new PartitionChoice.ByNumber(2));
        Policy exact = Policy.of("this", new LabelPattern.Exact("vm/1"), new PartitionChoice.ByNumber(3));
        Policy tail = Policy.of("tail", new LabelPattern.Suffix("/9x"), new PartitionChoice.ByNumber(3));
        try (Mediator other = mediator(device, everybody, longer, exact, tail)) {
            assertThat(other.device("anything").name()).isEqualTo("ram/p1");
            assertThat(other.device("vm/2").name()).isEqualTo("ram/p2");
            assertThat(other.device("vm/1").name()).isEqualTo("ram/p3");
            assertThatThrownBy(() -> other.device("vm/9x"))
                    .isInstanceOf(SessionDeniedException.class)
                    .hasMessageContaining("policies 'vm' and 'tail' fit equally well");
        }
        assertThatThrownBy(() -> Policies.of(one, Policy.of("again", one.label(), one.partition())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'one' and 'again'");
    }

    @Test
    void aMediatorBehindAMediatorNarrowsFurther() throws IOException {
        BlockDevice outer = mediator.device("x/guest");
        assertThat(outer.geometry().blockCount()).isEqualTo(1024);
        new TestTable(outer).with(1, 100, 50).with(2, 200, 50).writeTo(outer);
        Policy inside = Policy.of("inside", new LabelPattern.Exact("app"), new PartitionChoice.ByNumber(2))
                .writeable(true);
        try (Mediator inner = mediator(outer, inside);
                BlockSession session = inner.open("app", WRITING);
                BlockSession raw = device.open(WRITING)) {
            assertThat(session.getClass()).isEqualTo(raw.getClass());
            session.buffer().bytes().putLong(0, 77);
            perform(session, Operation.WRITE, 49, 1);
            perform(raw, Operation.READ, 2048 + 200 + 49, 1);
            assertThat(raw.buffer().bytes().getLong(0)).isEqualTo(77);
            assertThatThrownBy(() -> session.submit(Operation.WRITE, 50, 1, session.buffer(), 0, 0))
                    .isInstanceOf(InvalidRequestException.class);
            new TestTable(device).with(1, 64, 512).with(3, 3000, 1024).writeTo(device);
            assertThat(mediator.refresh()).isEqualTo(1);
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                    .as("fenced through both")
                    .isInstanceOf(FencedException.class);
        }
        assertThat(mediator.report().sessions()).isEmpty();
    }

    @Test
    void aPartitionThatMovedOrVanishedIsFencedAndTheOthersGoOn() throws IOException {
        BlockSession moved = mediator.open("one", WRITING);
        BlockSession vanished = mediator.open("reader/1", READING);
        BlockSession stays = mediator.open("a/guest", WRITING);
        assertThat(moved.submit(Operation.WRITE, 0, 1, moved.buffer(), 0, 5)).isTrue();
        new TestTable(device).with(1, 128, 512).with(3, 2048, 1500).writeTo(device);
        assertThat(mediator.refresh()).isEqualTo(2);
        moved.commit();
        assertThat(moved.poll(this, 1)).as("what was submitted drains").isEqualTo(1);
        assertThatThrownBy(() -> moved.submit(Operation.WRITE, 0, 1, moved.buffer(), 0, 0))
                .isInstanceOf(FencedException.class)
                .hasMessage("ram: partition 1 'p1' changed its place: it had 512 blocks at 64 and has 512 at 128 now");
        assertThatThrownBy(() -> vanished.submit(Operation.READ, 0, 1, vanished.buffer(), 0, 0))
                .isInstanceOf(FencedException.class)
                .hasMessage("ram: partition 2 'p2' is not in the partition table any more");
        perform(stays, Operation.WRITE, 1023, 1);
        assertThat(stays.geometry().blockCount())
                .as("it grew, but not its window")
                .isEqualTo(1024);
        assertThatThrownBy(() -> mediator.open("one", WRITING))
                .isInstanceOf(SessionDeniedException.class)
                .hasMessageContaining("still held by a session of 'one'")
                .hasMessageContaining("closed first");
        assertThat(mediator.refresh()).as("once is enough").isZero();
        moved.close();
        try (BlockSession again = mediator.open("one", WRITING)) {
            assertThat(again.geometry().blockCount()).isEqualTo(512);
        }
        assertThat(events.stream().filter(MediatorEvent.Fenced.class::isInstance))
                .hasSize(2);
    }

    @Test
    void aPartitionThatShrankUnderAWindowIsFencedAndOneThatIsOnlyRenumberedIsNot() throws IOException {
        BlockSession atTheEnd = mediator.open("one", WRITING.window(500, 12));
        BlockSession guests = mediator.open("a/guest", WRITING);
        new TestTable(device)
                .with(1, 64, 500)
                .with(7, 2048, 1024, TestTable.guid(3), "p3")
                .writeTo(device);
        assertThat(mediator.refresh()).isEqualTo(1);
        assertThatThrownBy(() -> atTheEnd.submit(Operation.READ, 0, 1, atTheEnd.buffer(), 0, 0))
                .isInstanceOf(FencedException.class);
        perform(guests, Operation.READ, 0, 1);
    }

    @Test
    void whoThrowsWhenToldOfAnEventKeepsNoWindowOpen() throws IOException {
        List<String> thrown = new ArrayList<>();
        try (Mediator told = Mediator.over(
                        device,
                        Policies.of(one, readers, guest),
                        MediatorOptions.defaults().events(event -> {
                            events.add(event);
                            if (thrown.contains(event.getClass().getSimpleName())) {
                                throw new IllegalStateException("on purpose");
                            }
                        }));
                BlockSession first = told.open("one", WRITING);
                BlockSession third = told.open("a/guest", WRITING)) {
            thrown.add("Opened");
            assertThatThrownBy(() -> told.open("reader/1", READING)).hasMessage("on purpose");
            assertThat(told.report().sessions()).as("it was closed").hasSize(2);
            thrown.addAll(List.of("TableRead", "Fenced"));
            new TestTable(device).with(1, 65, 511).with(3, 2049, 1023).writeTo(device);
            assertThatThrownBy(told::refresh).hasMessage("on purpose");
            for (BlockSession session : List.of(first, third)) {
                assertThatThrownBy(() -> session.submit(Operation.WRITE, 0, 1, session.buffer(), 0, 0))
                        .isInstanceOf(FencedException.class);
            }
        }
    }

    @Test
    void aPartitionIsChosenByTheShortNameOfItsType() throws IOException {
        Policy linux = Policy.of("linux", new LabelPattern.Exact("linux"), new PartitionChoice.ByType("Linux"));
        new TestTable(device).with(1, 64, 512).writeTo(device);
        try (Mediator named = mediator(device, linux);
                BlockSession session = named.open("linux", READING)) {
            assertThat(session.geometry().blockCount()).isEqualTo(512);
        }
        try (Mediator unnamed =
                mediator(device, Policy.of("empty", new LabelPattern.Exact("e"), new PartitionChoice.ByType("")))) {
            assertThatThrownBy(() -> unnamed.open("e", READING)).isInstanceOf(SessionDeniedException.class);
        }
    }

    @Test
    void aTableThatCannotBeReadChangesNothing() throws IOException {
        try (BlockSession session = mediator.open("one", WRITING);
                BlockSession raw = device.open(WRITING)) {
            for (int at = 0; at < 1024; at += 8) {
                raw.buffer().bytes().putLong(at, 0x0101010101010101L);
            }
            perform(raw, Operation.WRITE, 1, 1);
            perform(raw, Operation.WRITE, 4095, 1);
            assertThatThrownBy(() -> mediator.refresh()).isInstanceOf(BlockIoException.class);
            perform(session, Operation.READ, 0, 1);
        }
    }

    @Test
    void policiesAreReadAgainToo() throws IOException {
        BlockSession ofOne = mediator.open("one", WRITING);
        BlockSession ofGuest = mediator.open("a/guest", WRITING);
        BlockSession ofReader = mediator.open("reader/1", READING);
        int fenced = mediator.refresh(Policies.of(
                one.writeable(false),
                readers,
                Policy.of("guest", guest.label(), new PartitionChoice.ByNumber(1))
                        .writeable(true)));
        assertThat(fenced).isEqualTo(2);
        assertThatThrownBy(() -> ofOne.submit(Operation.READ, 0, 1, ofOne.buffer(), 0, 0))
                .hasMessageContaining("policy 'one' lets label 'one' read alone now");
        assertThatThrownBy(() -> ofGuest.submit(Operation.READ, 0, 1, ofGuest.buffer(), 0, 0))
                .hasMessageContaining("policy 'guest' gives label 'a/guest' partition 1 'p1' now");
        perform(ofReader, Operation.READ, 0, 1);
        assertThat(mediator.refresh(Policies.of())).isEqualTo(1);
        assertThatThrownBy(() -> ofReader.submit(Operation.READ, 0, 1, ofReader.buffer(), 0, 0))
                .hasMessageContaining("no policy is for it");
    }

    @Test
    void aPolicyWithLimitsGivesALimitedSessionAndOneReadAgainChangesThem() throws IOException {
        Policy slow = one.limits(Limits.none().readOperations(Rate.perSecond(50)));
        try (Mediator other = mediator(device, slow);
                BlockSession session = other.open("one", WRITING)) {
            assertThat(session)
                    .isInstanceOfSatisfying(
                            LimitedSession.class,
                            limited -> assertThat(limited.limits()).isEqualTo(slow.limits()));
            other.refresh(Policies.of(one.limits(Limits.none().writeBytes(Rate.perSecond(1 << 20)))));
            assertThat(((LimitedSession) session).limits().writeBytes().perSecond())
                    .isEqualTo(1 << 20);
            perform(session, Operation.READ, 0, 1);
        }
        try (BlockSession session = mediator.open("one", WRITING)) {
            assertThat(session).as("no limits, no class for them").isNotInstanceOf(LimitedSession.class);
        }
    }

    @Test
    void theReportSaysWhoHasWhat() throws IOException {
        try (BlockSession session = mediator.open("one", WRITING)) {
            assertThat(session.geometry().writeable()).isTrue();
            MediatorReport report = mediator.report();
            assertThat(report.table().partitions()).hasSize(3);
            assertThat(report.sessions()).singleElement().satisfies(open -> {
                assertThat(open.grant().label()).isEqualTo("one");
                assertThat(open.grant().partition().number()).isEqualTo(1);
                assertThat(open.grant().writeable()).isTrue();
                assertThat(open.grant().sharesQueue()).isFalse();
                assertThat(open.fence()).isEmpty();
            });
        }
    }

    @Test
    void closingTheMediatorOrThePartitionsDeviceClosesTheirSessions() throws IOException {
        BlockDevice guests = mediator.device("a/guest");
        BlockSession first = guests.open(WRITING);
        guests.close();
        assertThatThrownBy(() -> first.poll(this, 1)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> guests.open(WRITING)).isInstanceOf(SessionClosedException.class);
        BlockSession second = mediator.open("one", WRITING);
        mediator.close();
        mediator.close();
        assertThatThrownBy(() -> second.poll(this, 1)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> mediator.open("one", WRITING)).isInstanceOf(SessionClosedException.class);
        device.open(READING).close();
    }
}
