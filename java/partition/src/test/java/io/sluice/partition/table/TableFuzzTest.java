package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sluice.block.BlockSession;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads devices that {@link DiskInput} makes of bytes. As a test it reads those of {@link DiskCorpus}. To fuzz for a minute, guided by what the
 * bytes reach:
 *
 * <pre>JAZZER_FUZZ=1 mvn -pl java/partition -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=TableFuzzTest</pre>
 *
 * What it finds becomes a file beside the corpus, and fails from then on until the reader is right.
 */
class TableFuzzTest {
    private static final int PIECE_BYTES = 64 << 10;

    @FuzzTest(maxDuration = "1m")
    void whateverIsOnADeviceIsReadOrRefusedAndStaysAsItIs(byte[] input) throws IOException {
        DiskInput disk = DiskInput.of(input);
        SessionOptions options =
                SessionOptions.defaults().bufferBytes(PIECE_BYTES).queueDepth(1);
        try (RamDevice device = new RamDevice("ram", disk.blockBytes(), disk.blockCount())) {
            try (BlockSession session = device.open(options.writeable(true))) {
                new SessionBlocks(device.name(), session)
                        .write(0, disk.content().duplicate());
            }
            // Writeable, so that a write is not merely refused.
            try (BlockSession session = device.open(options.writeable(true))) {
                SessionBlocks blocks = new SessionBlocks(device.name(), session);
                ReadingCheck.read(blocks);
                ByteBuffer after = blocks.read(0, disk.blockCount());
                assertThat(after.mismatch(disk.content()))
                        .as("first byte that changed")
                        .isEqualTo(-1);
            }
        }
    }
}
