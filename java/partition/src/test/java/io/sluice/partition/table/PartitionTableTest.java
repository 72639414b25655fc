package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockSession;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTableTest {
    private static RamDevice device(ImageBlocks image) throws IOException {
        RamDevice device = new RamDevice("ram", image.blockBytes(), image.blockCount());
        try (BlockSession session = device.open(SessionOptions.defaults().writeable(true))) {
            SessionBlocks blocks = new SessionBlocks("ram", session);
            blocks.write(0, image.read(0, (int) image.blockCount()));
        }
        return device;
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void aGptIsReadFromADevice(int blockBytes) throws IOException {
        GptImage image = new GptImage(blockBytes, 1000).partition(1, 40, 99).partition(3, 100, 100);
        try (RamDevice device = device(image.build())) {
            PartitionTable table = PartitionTable.read(device);

            assertThat(table.kind()).isEqualTo(TableKind.GPT);
            assertThat(table.device()).isEqualTo("ram");
            assertThat(table.id()).isEqualTo("11111111-2222-4333-8444-555555555555");
            assertThat(table.findings()).isEmpty();
            assertThat(table.partitions())
                    .containsExactly(
                            new Partition(1, 40, 60, new PartitionType.Gpt(GptImage.LINUX), new UUID(1, 1), "p1", 0),
                            new Partition(3, 100, 1, new PartitionType.Gpt(GptImage.LINUX), new UUID(3, 3), "p3", 0));
            assertThat(table.freeAfter(table.partitions().get(0))).isZero();
            assertThat(table.freeAfter(table.partitions().get(1))).isEqualTo(image.lastUsable() - 100);
        }
    }

    @Test
    void aSessionThatIsInUseIsNotTaken() throws IOException {
        try (RamDevice device = new RamDevice("ram", 512, 100);
                BlockSession session = device.open(SessionOptions.defaults())) {
            IoBuffer memory = session.buffer();
            assertThat(session.submit(Operation.READ, 0, 1, memory, 0, 0)).isTrue();

            assertThatThrownBy(() -> PartitionTable.read(session)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aDeviceWithoutATableIsPartitionZero() throws IOException {
        for (long count : new long[] {1, 2, 5, 6, 100}) {
            PartitionTable table = TableReader.read(new ImageBlocks(512, count));

            assertThat(table.kind()).isEqualTo(TableKind.NONE);
            assertThat(table.partitions())
                    .containsExactly(new Partition(0, 0, count, new PartitionType.Whole(), null, "", 0));
        }
    }

    @Test
    void sessionsWithLittleMemoryReadLongArraysInPieces() throws IOException {
        GptImage image = new GptImage(512, 1000).array(512, 128).partition(512, 200, 299);
        try (RamDevice device = device(image.build());
                BlockSession session =
                        device.open(SessionOptions.defaults().bufferBytes(4096).queueDepth(1))) {
            List<Partition> partitions = PartitionTable.read(session).partitions();

            assertThat(partitions).extracting(Partition::number).containsExactly(512);
        }
    }

    @Test
    void aDeviceOfLargeBlocksGetsASessionWithRoomForOne() throws IOException {
        try (RamDevice device = new RamDevice("ram", 1 << 20, 10)) {
            assertThat(PartitionTable.read(device).kind()).isEqualTo(TableKind.NONE);
        }
    }

    @Test
    void freeExtentsAreWhatNobodyHas() throws IOException {
        GptImage image = new GptImage(512, 1000).partition(1, 40, 99).partition(2, 120, image(1000));
        PartitionTable table = TableReader.read(image.build());

        assertThat(table.free()).containsExactly(new Extent(34, 6), new Extent(100, 20));
        assertThat(table.freeAfter(table.partitions().get(1))).isZero();
    }

    private static long image(long blockCount) {
        return new GptImage(512, blockCount).lastUsable();
    }

    @Test
    void readingWritesNothing() throws IOException {
        ImageBlocks image = new GptImage(512, 1000).partition(1, 40, 99).build();
        image.edit(1, header -> header.put(100, (byte) 1).put(20, (byte) 1));
        int before = image.writes();

        assertThat(TableReader.read(image).findings())
                .extracting(Finding::problem)
                .containsExactly(Finding.Problem.PRIMARY_DAMAGED);
        assertThat(image.writes()).isEqualTo(before);
    }
}
