package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Data goes where it belongs, for every size of transfer and every place of the buffer. */
public abstract class TransferContract {
    private static final int PAGE = 4096;
    /** Room for lists of more than one page: 512 entries of 4 KiB are 2 MiB. */
    private static final int BIG_BUFFER = 8 << 20;

    @OnEveryController
    void whatIsWrittenIsReadBackForEverySizeOfTransfer(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session(Drive.writeable().bufferBytes(BIG_BUFFER))) {
            Exchange exchange = new Exchange(session);
            Geometry geometry = session.geometry();
            for (int blocks : sizes(geometry, lab.shape().mostPages())) {
                int bytes = blocks * geometry.blockBytes();
                byte[] data = Pattern.of(blocks, bytes);
                exchange.write(11, data, 0);
                exchange.put(new byte[bytes], 0);
                exchange.perform(Operation.READ, 11, blocks, 0);
                exchange.assertHolds(data, 0);
            }
        }
    }

    /** A block, a page and its neighbours, where PRP lists begin, where they go on to a second and a third page, the largest. */
    private static Set<Integer> sizes(Geometry geometry, int mostPages) {
        Set<Integer> sizes = new TreeSet<>();
        int page = Math.max(1, PAGE / geometry.blockBytes());
        for (int pages : new int[] {1, 2, 3, 256, 257, 511, 512, 513, 768, 1024, 1025, 1536}) {
            for (int near = -1; near <= 1; near++) {
                sizes.add(pages * page + near);
            }
        }
        sizes.add(1);
        int most = Math.min(geometry.maxTransferBlocks(), mostPages * page);
        sizes.add(most);
        sizes.removeIf(blocks -> blocks < 1 || blocks > most);
        return sizes;
    }

    @OnEveryController
    void dataMayStartAtAnyFourthByteOfTheBuffer(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session(Drive.writeable().bufferBytes(BIG_BUFFER))) {
            Exchange exchange = new Exchange(session);
            Geometry geometry = session.geometry();
            int largest = Math.min(
                    geometry.maxTransferBlocks(), (lab.shape().mostPages() - 1) * PAGE / geometry.blockBytes());
            for (int blocks : new TreeSet<>(List.of(1, Math.min(17, largest), largest))) {
                byte[] data = Pattern.of(blocks, blocks * geometry.blockBytes());
                for (int offset : new int[] {4, 508, 2044, 4092, 4096, 4100, (1 << 20) - 4, (2 << 20) - 4}) {
                    exchange.write(100, data, offset);
                    exchange.put(new byte[data.length], offset);
                    exchange.perform(Operation.READ, 100, blocks, offset + 8);
                    exchange.assertHolds(data, offset + 8);
                }
            }
        }
    }

    @OnEveryController
    void aTransferTouchesNoByteBesideItsOwn(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            Exchange exchange = new Exchange(session);
            int block = session.geometry().blockBytes();
            int blocks = Math.min(session.geometry().maxTransferBlocks(), 8);
            byte[] before = Pattern.of(1, 16 * block);
            byte[] data = Pattern.of(2, blocks * block);
            for (int i = 0; i < 16; i++) {
                exchange.write(i, Arrays.copyOfRange(before, i * block, (i + 1) * block), 0);
            }
            exchange.write(4, data, 4);
            byte[] guard = Pattern.of(3, 24 * block);
            exchange.put(guard, 0);
            exchange.perform(Operation.READ, 4, blocks, 2L * block);
            System.arraycopy(data, 0, guard, 2 * block, data.length);
            exchange.assertHolds(guard, 0);

            System.arraycopy(data, 0, before, 4 * block, data.length);
            for (int i = 0; i < 16; i++) {
                assertThat(exchange.read(i, 1, 0))
                        .as("block %s", i)
                        .isEqualTo(Arrays.copyOfRange(before, i * block, (i + 1) * block));
            }
        }
    }

    @OnEveryController
    void theFirstAndTheLastBlocksOfEveryNamespaceAreReached(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            for (Shape.Space space : lab.shape().spaces()) {
                try (BlockSession session =
                        drive.controller().namespace(space.id()).open(Drive.writeable())) {
                    Exchange exchange = new Exchange(session);
                    byte[] data = Pattern.of(space.id(), space.blockBytes());
                    for (long block : new long[] {0, space.blocks() - 1}) {
                        exchange.write(block, data, 0);
                        byte[] read = exchange.read(block, 1, 0);
                        if (space.keepsData()) {
                            assertThat(read).isEqualTo(data);
                        }
                    }
                }
            }
        }
    }

    @OnEveryController
    void namespacesDoNotShareBlocks(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            for (int round = 0; round < 2; round++) {
                for (Shape.Space space : lab.shape().spaces()) {
                    try (BlockSession session =
                            drive.controller().namespace(space.id()).open(Drive.writeable())) {
                        byte[] data = Pattern.of(1000 + space.id(), space.blockBytes());
                        if (round == 0) {
                            new Exchange(session).write(21, data, 0);
                        } else if (space.keepsData()) {
                            assertThat(new Exchange(session).read(21, 1, 0)).isEqualTo(data);
                        }
                    }
                }
            }
        }
    }

    @OnEveryController
    void zeroedBlocksReadAsZeroesAndTheirNeighboursStay(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            Exchange exchange = new Exchange(session);
            int block = session.geometry().blockBytes();
            byte[] data = Pattern.of(5, block);
            for (int i = 40; i < 48; i++) {
                exchange.write(i, data, 0);
            }
            exchange.perform(Operation.WRITE_ZEROES, 41, 6, 0);
            for (int i = 40; i < 48; i++) {
                assertThat(exchange.read(i, 1, 0))
                        .as("block %s", i)
                        .isEqualTo(i == 40 || i == 47 ? data : new byte[block]);
            }
            exchange.perform(Operation.WRITE_ZEROES, 1000, session.geometry().maxZeroBlocks() / 16, 0);
        }
    }

    @OnEveryController
    void trimmedBlocksMayChangeAndTheirNeighboursDoNot(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            Exchange exchange = new Exchange(session);
            byte[] data = Pattern.of(6, session.geometry().blockBytes());
            for (int i = 60; i < 68; i++) {
                exchange.write(i, data, 0);
            }
            exchange.perform(Operation.TRIM, 61, 6, 0);
            assertThat(exchange.read(60, 1, 0)).isEqualTo(data);
            assertThat(exchange.read(67, 1, 0)).isEqualTo(data);
            // Trimmed blocks can be written again.
            exchange.write(63, data, 0);
            assertThat(exchange.read(63, 1, 0)).isEqualTo(data);
            assertThat(session.geometry().maxTrimBlocks()).isPositive();
        }
    }

    @OnEveryController
    void durableWritesAndSyncsComplete(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session()) {
            Exchange exchange = new Exchange(session);
            byte[] data = Pattern.of(8, session.geometry().blockBytes());
            exchange.put(data, 0);
            exchange.perform(Operation.WRITE_DURABLE, 70, 1, 0);
            exchange.perform(Operation.SYNC, 0, 0, 0);
            assertThat(exchange.read(70, 1, 0)).isEqualTo(data);
            assertThat(session.statistics().syncs()).isEqualTo(1);
            assertThat(session.statistics().writes()).isEqualTo(1);
            assertThat(session.statistics().reads()).isEqualTo(1);
            assertThat(session.statistics().failures()).isZero();
        }
    }

    @OnEveryController
    void aSyncCompletesAfterEveryWriteSubmittedBeforeIt(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab);
                BlockSession session = drive.session(Drive.writeable().queueDepth(64))) {
            Exchange exchange = new Exchange(session);
            int depth = session.queueDepth();
            for (int round = 0; round < 20; round++) {
                exchange.done().clear();
                int tag = 0;
                while (session.submit(
                        tag % 4 == 3 ? Operation.SYNC : Operation.WRITE, 100L + tag, 1, session.buffer(), 0, tag)) {
                    tag++;
                }
                exchange.finish();
                assertThat(exchange.failures()).isEmpty();
                assertThat(exchange.done()).hasSize(tag);
                assertThat(tag).isEqualTo(depth);
                for (int sync = 3; sync < tag; sync += 4) {
                    int position = exchange.done().indexOf((long) sync);
                    for (int write = 0; write < sync; write++) {
                        if (write % 4 != 3) {
                            assertThat(exchange.done().indexOf((long) write))
                                    .as("write %s before sync %s", write, sync)
                                    .isLessThan(position);
                        }
                    }
                }
            }
        }
    }
}
