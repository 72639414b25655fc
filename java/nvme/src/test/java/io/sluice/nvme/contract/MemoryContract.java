package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.HostileNumbers;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.Segments;
import io.sluice.block.SessionStatistics;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.SglUse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Memory in several places and memory of others: data goes where it belongs, whichever way it goes. */
public abstract class MemoryContract {
    private static final int PAGE = 4096;
    private static final int BUFFER = 1 << 20;
    private static final int ROUNDS = 12;

    /** Segments of a transfer, and where their bytes are. */
    private static final class Places {
        private final Segments segments = new Segments(Segments.MOST);
        private final List<IoBuffer> memories = new ArrayList<>();

        Places add(IoBuffer memory, int offset, int length) {
            segments.add(memory, offset, length);
            memories.add(memory);
            return this;
        }

        void put(byte[] data) {
            int at = 0;
            for (int i = 0; i < segments.count(); i++) {
                memories.get(i).bytes().put(segments.offset(i), data, at, segments.length(i));
                at += segments.length(i);
            }
        }

        byte[] get() {
            byte[] data = new byte[(int) segments.bytes()];
            int at = 0;
            for (int i = 0; i < segments.count(); i++) {
                memories.get(i).bytes().get(segments.offset(i), data, at, segments.length(i));
                at += segments.length(i);
            }
            return data;
        }
    }

    private static Drive open(ControllerLab lab, SglUse use) throws IOException {
        return Drive.open(lab, options(lab).sglUse(use));
    }

    private static ControllerOptions options(ControllerLab lab) {
        return lab.shape().options();
    }

    private static ByteBuffer pages(int count) {
        return ByteBuffer.allocateDirect((count + 1) * PAGE).alignedSlice(PAGE).slice(0, count * PAGE);
    }

    /** A cut of so many bytes into segments of whole doublewords, none of which overlaps another. */
    private static Places cut(Random random, int bytes, IoBuffer... memories) {
        Places places = new Places();
        int[] next = new int[memories.length];
        int most = 1 + random.nextInt(40);
        for (int left = bytes; left > 0; ) {
            int index = random.nextInt(memories.length);
            int length = most == 1 || places.segments.count() >= most
                    ? left
                    : Math.min(left, 4 * (1 + random.nextInt(Math.max(1, bytes / 8))));
            int offset = next[index] + 4 * random.nextInt(8);
            if (offset + length > memories[index].size()) {
                // Start again: nothing of this cut was used yet.
                return cut(random, bytes, memories);
            }
            places.add(memories[index], offset, length);
            next[index] = offset + length;
            left -= length;
        }
        return places;
    }

    private static void perform(BlockSession session, Operation operation, long block, long count, Places places)
            throws IOException {
        assertThat(session.submit(operation, block, count, places.segments, -1)).isTrue();
        Exchange exchange = new Exchange(session);
        exchange.finish();
        assertThat(exchange.failures()).isEmpty();
    }

    @OnEveryController
    void segmentsOfAnyDoublewordsAreReadAndWritten(ControllerLab lab) throws IOException {
        for (SglUse use : SglUse.values()) {
            try (Drive drive = open(lab, use);
                    BlockSession session = drive.session(Drive.writeable().bufferBytes(BUFFER))) {
                ByteBuffer guest = ByteBuffer.allocateDirect(BUFFER);
                IoBuffer wrapped = session.wrap(guest.slice(4, BUFFER - 4));
                Geometry geometry = session.geometry();
                int most = Math.min(geometry.maxTransferBlocks(), (256 << 10) / geometry.blockBytes());
                Random random = new Random(20260701);
                for (int round = 0; round < ROUNDS; round++) {
                    int count = 1 + random.nextInt(most);
                    int bytes = count * geometry.blockBytes();
                    byte[] data = Pattern.of(round, bytes);
                    Places from = cut(random, bytes, session.buffer(), wrapped);
                    from.put(data);
                    perform(session, Operation.WRITE, 17, count, from);
                    Places into = cut(random, bytes, wrapped, session.buffer());
                    into.put(new byte[bytes]);
                    perform(session, Operation.READ, 17, count, into);
                    assertThat(into.get())
                            .as("round %s with SGLs %s", round, use)
                            .isEqualTo(data);
                }
                SessionStatistics counted = session.statistics();
                assertThat(counted.prpTransfers() + counted.sglTransfers()).isEqualTo(2L * ROUNDS);
            }
        }
    }

    @OnEveryController
    void segmentsOfTheBufferGoByPrpsBySglsOrByACopy(ControllerLab lab) throws IOException {
        for (SglUse use : SglUse.values()) {
            try (Drive drive = open(lab, use);
                    BlockSession session = drive.session(Drive.writeable().bufferBytes(BUFFER))) {
                int block = session.geometry().blockBytes();
                IoBuffer buffer = session.buffer();
                boolean sgl =
                        use != SglUse.NEVER && drive.controller().identify().scatterGatherLists();
                byte[] data = Pattern.of(9, block);
                Places halves = new Places()
                        .add(buffer, 40_000, block / 4)
                        .add(buffer, 20, block / 2)
                        .add(buffer, 90_000, block / 4);
                halves.put(data);
                perform(session, Operation.WRITE, 3, 1, halves);
                SessionStatistics counted = session.statistics();
                assertThat(counted.sglTransfers()).isEqualTo(sgl ? 1 : 0);
                assertThat(counted.bouncedTransfers()).isEqualTo(sgl ? 0 : 1);
                assertThat(counted.bouncedBytes()).isEqualTo(sgl ? 0 : block);

                Exchange exchange = new Exchange(session);
                assertThat(exchange.read(3, 1, 0)).isEqualTo(data);
                Places places = new Places().add(buffer, 4096, block / 2).add(buffer, 8196, block / 2);
                places.put(new byte[block]);
                perform(session, Operation.READ, 3, 1, places);
                assertThat(places.get()).isEqualTo(data);
            }
        }
    }

    /** From two pages to lists of several pages, on each side of where a list goes on in another. */
    @OnEveryController
    void pagesInAnyOrderAreDescribedByPrps(ControllerLab lab) throws IOException {
        try (Drive drive = open(lab, SglUse.NEVER);
                BlockSession session = drive.session(Drive.writeable().bufferBytes(4 << 20))) {
            Geometry geometry = session.geometry();
            int pageBlocks = Math.max(1, PAGE / geometry.blockBytes());
            int most = Math.min(
                    Math.min(
                            geometry.maxTransferBlocks() / pageBlocks,
                            lab.shape().mostPages() - 1),
                    700);
            Random random = new Random(4711);
            for (int pages : new TreeSet<>(List.of(1, 2, 3, 31, 510, 511, 512, 513, 514, most))) {
                if (pages > most) {
                    continue;
                }
                byte[] data = Pattern.of(pages, pages * PAGE);
                Places from = shuffledPages(session.buffer(), pages, random);
                from.put(data);
                perform(session, Operation.WRITE, 0, (long) pages * pageBlocks, from);
                Places into = shuffledPages(session.buffer(), pages, random);
                into.put(new byte[data.length]);
                perform(session, Operation.READ, 0, (long) pages * pageBlocks, into);
                assertThat(java.util.Arrays.equals(into.get(), data))
                        .as("%s pages", pages)
                        .isTrue();
            }
            assertThat(session.statistics().bouncedTransfers()).isZero();
            assertThat(session.statistics().sglTransfers()).isZero();
        }
    }

    /** Whole pages, but for the first, which ends with one, and the last, which begins with one. */
    private static Places shuffledPages(IoBuffer buffer, int pages, Random random) {
        Places places = new Places();
        List<Integer> order = new ArrayList<>();
        for (int page = 0; page < buffer.size() / PAGE; page++) {
            order.add(page);
        }
        java.util.Collections.shuffle(order, random);
        int skipped = pages > 1 ? 4 * random.nextInt(PAGE / 4) : 0;
        for (int i = 0; i < pages; i++) {
            int skip = i == 0 ? skipped : 0;
            places.add(buffer, order.get(i) * PAGE + skip, PAGE - skip);
        }
        if (skipped > 0) {
            places.add(buffer, order.get(pages) * PAGE, skipped);
        }
        return places;
    }

    @OnEveryController
    void wrappedPagesAreReadAndWritten(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session(Drive.writeable().bufferBytes(BUFFER))) {
            ByteBuffer guest = pages(64);
            IoBuffer wrapped = session.wrap(guest);
            Geometry geometry = session.geometry();
            int most = Math.min(geometry.maxTransferBlocks(), 63 * PAGE / geometry.blockBytes());
            for (int count : new TreeSet<>(List.of(1, 2, Math.min(9, most), most))) {
                byte[] data = Pattern.of(count, count * geometry.blockBytes());
                for (int offset : new int[] {0, 4, 508, PAGE - 4}) {
                    guest.put(offset, data);
                    assertThat(session.submit(Operation.WRITE, 5, count, wrapped, offset, 1))
                            .isTrue();
                    new Exchange(session).finish();
                    guest.put(offset, new byte[data.length]);
                    assertThat(session.submit(Operation.READ, 5, count, wrapped, offset, 1))
                            .isTrue();
                    new Exchange(session).finish();
                    assertThat(guest.slice(offset, data.length).mismatch(ByteBuffer.wrap(data)))
                            .as("%s blocks at offset %s", count, offset)
                            .isEqualTo(-1);
                }
            }
            assertThat(session.statistics().failures()).isZero();
            session.unwrap(wrapped);
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, wrapped, 0, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("not of this session");
            guest.putLong(0, 1);
        }
    }

    @OnEveryController
    void memoryIsGivenBackWhenNothingNamesIt(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            IoBuffer wrapped = session.wrap(pages(16));
            int count = Math.min(session.geometry().maxTransferBlocks(), 8);
            assertThat(session.submit(Operation.READ, 0, count, wrapped, 0, 0)).isTrue();
            assertThatThrownBy(() -> session.unwrap(wrapped))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("1 operations in flight");
            new Exchange(session).finish();
            session.unwrap(wrapped);
            session.unwrap(wrapped);
            session.unwrap(session.buffer());
            new Exchange(session).perform(Operation.READ, 0, 1, 0);
        }
    }

    @OnEveryController
    void memoryOfAClosedSessionIsHarmless(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            BlockSession session = drive.session();
            ByteBuffer guest = pages(4);
            IoBuffer wrapped = session.wrap(guest);
            session.close();
            wrapped.bytes().putLong(0, 5);
            assertThat(wrapped.bytes().getLong(0)).isEqualTo(5);
            assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, wrapped, 0, 0))
                    .isInstanceOf(BlockIoException.class);
            assertThatThrownBy(() -> session.wrap(guest)).isInstanceOf(BlockIoException.class);
            session.unwrap(wrapped);
            try (BlockSession another = drive.session()) {
                assertThatThrownBy(() -> another.submit(Operation.READ, 0, 1, wrapped, 0, 0))
                        .isInstanceOf(InvalidRequestException.class);
                IoBuffer again = another.wrap(guest);
                assertThat(another.submit(Operation.READ, 0, 1, again, 0, 0)).isTrue();
                new Exchange(another).finish();
            }
        }
    }

    @OnEveryController
    void readOnlyMemoryIsWrittenFromAndNotReadInto(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            int block = session.geometry().blockBytes();
            byte[] data = Pattern.of(77, block);
            ByteBuffer memory = pages(2).put(0, data);
            IoBuffer wrapped = session.wrap(memory.asReadOnlyBuffer());
            assertThat(session.submit(Operation.WRITE, 8, 1, wrapped, 0, 0)).isTrue();
            new Exchange(session).finish();
            assertThat(new Exchange(session).read(8, 1, 0)).isEqualTo(data);
            assertThatThrownBy(() -> session.submit(Operation.READ, 8, 1, wrapped, 0, 0))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only buffer");
        }
    }

    @OnEveryController
    void aSessionThatCopiesTakesAsMuchAsThereIsRoomFor(ControllerLab lab) throws IOException {
        try (Drive drive = open(lab, SglUse.NEVER);
                BlockSession session = drive.session(Drive.writeable().bufferBytes(BUFFER))) {
            Geometry geometry = session.geometry();
            int count = Math.min(geometry.maxTransferBlocks(), BUFFER / 2 / geometry.blockBytes());
            int bytes = count * geometry.blockBytes();
            Places places =
                    new Places().add(session.buffer(), 4, bytes / 2).add(session.buffer(), bytes + 8, bytes / 2);
            Exchange exchange = new Exchange(session);
            for (int round = 0; round < 3; round++) {
                int taken = 0;
                while (taken < 100 && session.submit(Operation.READ, 0, count, places.segments, taken)) {
                    taken++;
                }
                assertThat(taken).isPositive();
                exchange.finish();
                assertThat(exchange.done()).hasSize(taken);
                exchange.done().clear();
            }
            assertThat(exchange.failures()).isEmpty();
        }
    }

    @OnEveryController
    void segmentsThatAreNotTheTransfersAreRefused(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            int block = session.geometry().blockBytes();
            IoBuffer buffer = session.buffer();
            assertRefused(session, new Segments(1).add(buffer, 0, block - 4), "segments have");
            assertRefused(session, new Segments(2).add(buffer, 0, block).add(buffer, block, 4), "segments have");
            assertRefused(session, new Segments(2).add(buffer, 2, block - 4).add(buffer, 0, 4), "multiples of 4");
            assertRefused(session, new Segments(2).add(buffer, 0, block - 2).add(buffer, 0, 2), "multiples of 4");
            assertRefused(session, new Segments(1), "0 segments");
            assertThat(session.inFlight()).isZero();
            new Exchange(session).perform(Operation.READ, 0, 1, 0);
        }
    }

    private static void assertRefused(BlockSession session, Segments segments, String why) {
        assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, segments, 0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why);
    }

    @OnEveryController
    void everyOperationIsCheckedAgainstHostileNumbers(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            for (boolean writeable : new boolean[] {true, false}) {
                try (BlockSession session =
                        drive.session(Drive.writeable().writeable(writeable).window(1000, 100))) {
                    HostileNumbers.ask(session, 31, 400);
                }
            }
        }
    }
}
