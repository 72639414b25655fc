package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What holds of the reading of any device, whatever is on it; every block that is read is counted, and none may be written. */
final class ReadingCheck extends ForwardingBlocks {
    /** A probe goes through a hundred clusters of a FAT of at most half a MiB, the longest way that there is. */
    private static final long MOST_PROBE_BYTES = 64 << 20;
    /** The primary, the backup in its two places, and a probe of the whole device. */
    private static final long MOST_TABLE_BYTES = MOST_PROBE_BYTES + (16 << 20);

    /** The largest array of a GPT that is read, and the block in which it ends. */
    private final long mostBytesAtOnce = (long) GptHeader.MOST_ARRAY_BYTES + blockBytes();

    private long bytesRead;

    private ReadingCheck(Blocks blocks) {
        super(blocks);
    }

    /**
     * Reads the table of a device and probes all partitions.
     *
     * @return empty when the table was refused
     */
    static Optional<PartitionTable> read(Blocks blocks) throws IOException {
        return new ReadingCheck(blocks).read();
    }

    private Optional<PartitionTable> read() throws IOException {
        PartitionTable table;
        try {
            table = TableReader.read(this);
        } catch (PartitionTableException refused) {
            assertThat(refused).hasMessageStartingWith(device() + ": ");
            return Optional.empty();
        } finally {
            assertThat(bytesRead).as("bytes read for the table").isLessThan(MOST_TABLE_BYTES);
        }
        checkPlaces(table);
        assertThat(table.usable().lastBlock()).as("last usable block").isLessThan(blockCount());
        for (Extent free : table.free()) {
            assertThat(free.lastBlock()).isLessThan(blockCount());
            assertThat(table.partitions())
                    .noneMatch(partition -> partition.extent().overlaps(free));
        }
        for (Partition partition : table.partitions()) {
            assertThat(table.freeAfter(partition)).isBetween(0L, blockCount() - 1 - partition.lastBlock());
            bytesRead = 0;
            assertThat(FileSystemProbe.probe(this, partition.extent())).isNotNull();
            assertThat(bytesRead).as("bytes read for the probe").isLessThan(MOST_PROBE_BYTES);
        }
        assertThat(table.findings()).noneMatch(finding -> finding.text().isBlank());
        return Optional.of(table);
    }

    private void checkPlaces(PartitionTable table) {
        assertThat(table.partitions()).extracting(Partition::number).doesNotHaveDuplicates();
        List<Partition> byPlace = table.partitions().stream()
                .sorted(Comparator.comparingLong(Partition::firstBlock))
                .toList();
        long free = 0;
        for (Partition partition : byPlace) {
            assertThat(partition.firstBlock())
                    .as("partition %s, which begins behind the one before", partition.number())
                    .isGreaterThanOrEqualTo(free);
            assertThat(partition.lastBlock()).isBetween(partition.firstBlock(), blockCount() - 1);
            free = partition.lastBlock() + 1;
        }
        ExtendedPartition extended = table.extended();
        if (extended != null) {
            assertThat(extended.records()).doesNotHaveDuplicates().allSatisfy(record -> {
                assertThat(extended.extent().contains(record)).isTrue();
                assertThat(byPlace).noneMatch(partition -> partition.extent().contains(record));
            });
        }
    }

    @Override
    public ByteBuffer read(long first, int count) throws IOException {
        long bytes = (long) count * blockBytes();
        assertThat(bytes).as("bytes read at once").isLessThanOrEqualTo(mostBytesAtOnce);
        bytesRead += bytes;
        return super.read(first, count);
    }

    @Override
    public void write(long first, ByteBuffer data) {
        throw new AssertionError("block " + first + " was to be written");
    }

    @Override
    public void sync() {
        throw new AssertionError("a sync, where nothing was written");
    }
}
