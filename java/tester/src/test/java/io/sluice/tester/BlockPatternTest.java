package io.sluice.tester;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class BlockPatternTest {
    private final ByteBuffer memory = ByteBuffer.allocateDirect(8192).order(ByteOrder.LITTLE_ENDIAN);
    private final BlockPattern pattern = new BlockPattern(memory, 512, 7);

    @Test
    void whatItWroteIsRight() {
        pattern.stamp(1024, 100, 4, 3);

        assertThat(pattern.difference(1024, 100, 4, 3)).isNull();
        assertThat(pattern.difference(1024, 100, 4, BlockPattern.ANY_GENERATION))
                .isNull();
        assertThat(memory.position()).isZero();
    }

    @Test
    void findsAnyChangedByte() {
        for (int at = 0; at < 512; at++) {
            pattern.stamp(0, 100, 1, 3);
            memory.put(at, (byte) (memory.get(at) ^ 1));
            assertThat(pattern.difference(0, 100, 1, 3)).as("byte %d", at).startsWith("block 100: ");
        }
    }

    @Test
    void saysWhereABlockDiffers() {
        pattern.stamp(0, 100, 2, 3);
        memory.put(512 + 77, (byte) ~memory.get(512 + 77));

        assertThat(pattern.difference(0, 100, 2, 3))
                .startsWith("block 101: differs from what was written, first in bytes 72 to 79");
    }

    @Test
    void saysThatABlockBelongsElsewhere() {
        pattern.stamp(0, 100, 1, 3);

        assertThat(pattern.difference(0, 99, 1, 3)).isEqualTo("block 99: holds what was written to block 100");
    }

    @Test
    void saysThatAWriteWasLost() {
        pattern.stamp(0, 100, 1, 3);

        assertThat(pattern.difference(0, 100, 1, 4)).contains("generation 3").contains("generation 4 was written last");
    }

    @Test
    void saysThatThereIsNoPatternOrAnother() {
        assertThat(pattern.difference(0, 100, 1, 1)).contains("holds no pattern");
        new BlockPattern(memory, 512, 8).stamp(0, 100, 1, 1);
        assertThat(pattern.difference(0, 100, 1, 1)).contains("seed 8");
    }
}
