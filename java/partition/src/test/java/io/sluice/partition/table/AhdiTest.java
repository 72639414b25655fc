package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Root sectors of Atari's hard-disk interface. */
class AhdiTest {
    private static final long BLOCKS = 10_000;

    static ImageBlocks entry(ImageBlocks image, long block, int index, int flag, String id, long start, long count) {
        image.edit(block, bytes -> {
            int at = 0x1c6 + index * 12;
            bytes.put(at, (byte) flag).put(at + 1, id.getBytes(StandardCharsets.US_ASCII));
            bytes.order(ByteOrder.BIG_ENDIAN).putInt(at + 4, (int) start).putInt(at + 8, (int) count);
        });
        return image;
    }

    private static ImageBlocks image(int blockBytes) {
        return new ImageBlocks(blockBytes, BLOCKS);
    }

    @Test
    void fourPartitionsAreRead() throws IOException {
        ImageBlocks image = image(512);
        entry(image, 0, 0, 0x81, "GEM", 2, 998);
        entry(image, 0, 2, 0x01, "BGM", 1000, 2000);
        entry(image, 0, 3, 0x01, "LNX", 3000, 7000);
        PartitionTable table = TableReader.read(image);

        assertThat(table.kind()).isEqualTo(TableKind.AHDI);
        assertThat(table.findings()).isEmpty();
        assertThat(table.partitions())
                .containsExactly(
                        new Partition(1, 2, 998, new PartitionType.Ahdi("GEM"), null, "", Partition.BOOTABLE),
                        new Partition(3, 1000, 2000, new PartitionType.Ahdi("BGM"), null, "", 0),
                        new Partition(4, 3000, 7000, new PartitionType.Ahdi("LNX"), null, "", 0));
    }

    @Test
    void extendedPartitionsAreFollowed() throws IOException {
        ImageBlocks image = image(512);
        entry(image, 0, 0, 1, "GEM", 2, 998);
        entry(image, 0, 1, 1, "XGM", 1000, 5000);
        entry(image, 1000, 0, 1, "BGM", 1, 999);
        entry(image, 1000, 1, 1, "XGM", 1000, 1000);
        entry(image, 2000, 0, 1, "GEM", 1, 999);
        PartitionTable table = TableReader.read(image);

        assertThat(table.findings()).isEmpty();
        assertThat(table.partitions()).extracting(Partition::number).containsExactly(1, 5, 6);
        assertThat(table.partitions()).extracting(Partition::firstBlock).containsExactly(2L, 1001L, 2001L);
    }

    @Test
    void aChainThatLoopsEnds() throws IOException {
        ImageBlocks image = image(512);
        entry(image, 0, 0, 1, "XGM", 1000, 5000);
        entry(image, 1000, 0, 1, "BGM", 1, 999);
        entry(image, 1000, 1, 1, "XGM", 1000, 1000);
        entry(image, 2000, 0, 1, "GEM", 1, 999);
        entry(image, 2000, 1, 1, "XGM", 1000, 1000);
        PartitionTable table = TableReader.read(image);

        assertThat(table.partitions()).hasSize(2);
        assertThat(table.findings()).extracting(Finding::problem).containsExactly(Problem.CHAIN_BROKEN);
    }

    @Test
    void whatMakesNoSenseIsNoTable() throws IOException {
        for (ImageBlocks image : new ImageBlocks[] {
            entry(image(512), 0, 0, 1, "g m", 2, 998),
            entry(image(512), 0, 0, 1, "GEM", 0, 998),
            entry(image(512), 0, 0, 1, "GEM", 2, 0),
            entry(image(512), 0, 0, 1, "GEM", 2, BLOCKS),
            entry(image(512), 0, 0, 1, "GEM", 0xffffffffL, 0xffffffffL),
            entry(entry(image(512), 0, 0, 1, "GEM", 2, 998), 0, 1, 0xff, "\1\2\3", 1, 1),
            entry(image(4096), 0, 0, 1, "GEM", 2, 998),
        }) {
            assertThat(TableReader.read(image).kind()).isEqualTo(TableKind.NONE);
        }
    }

    @Test
    void partitionsThatShareBlocksAreLeftOut() throws IOException {
        ImageBlocks image = image(512);
        entry(image, 0, 0, 1, "GEM", 2, 998);
        entry(image, 0, 1, 1, "GEM", 999, 998);
        PartitionTable table = TableReader.read(image);

        assertThat(table.partitions()).isEmpty();
        assertThat(table.findings()).extracting(Finding::problem).containsExactly(Problem.PARTITION_REFUSED);
    }
}
