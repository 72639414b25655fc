package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One of the two copies of a GPT, sound by its checksums.
 *
 * @param header of it
 * @param array the entries, exactly as many bytes as the header says, little-endian
 */
record GptCopy(GptHeader header, ByteBuffer array) {
    /**
     * Reads a copy.
     *
     * @param block where its header is
     * @param faults gets what is wrong with it
     * @return null when something is
     */
    static @Nullable GptCopy read(Blocks blocks, long block, List<String> faults) throws IOException {
        GptHeader header = GptHeader.read(blocks.read(block, 1), block, blocks.blockCount(), faults);
        if (header == null) {
            return null;
        }
        ByteBuffer array = blocks.read(header.entriesBlock(), header.arrayBlocks(blocks.blockBytes()))
                .slice(0, header.arrayBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        if (crc(array) != header.entriesCrc()) {
            faults.add("entries from block " + header.entriesBlock() + " on: their checksum is wrong");
            return null;
        }
        return new GptCopy(header, array);
    }

    static int crc(ByteBuffer array) {
        CRC32 crc = new CRC32();
        crc.update(array.duplicate().rewind());
        return (int) crc.getValue();
    }

    /** The entry of a partition. */
    GptEntry entry(int number) {
        return GptEntry.get(array, (number - 1) * header.entryBytes());
    }
}
