package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with bytes changed at random, and half of the time with checksums made right again. */
class MutatedTablesTest {
    private static final int BLOCKS = 4096;
    private static final int ROUNDS = 3000;
    private static final byte[] EXTREMES = {0, 1, -1, 0x7f, (byte) 0x80, 0x05, (byte) 0xee};

    private static ImageBlocks chain() {
        ImageBlocks image = new ImageBlocks(512, BLOCKS);
        for (int i = 0; i < 4; i++) {
            int next = i;
            image.edit(i * 100L, bytes -> {
                bytes.putShort(510, (short) 0xaa55);
                bytes.put(450, (byte) 0x83).putInt(454, 10).putInt(458, 50);
                bytes.put(466, (byte) 5)
                        .putInt(470, 100 * (next == 0 ? 1 : next))
                        .putInt(474, 3000);
            });
        }
        return image;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverIsOnTheDiskPartitionsAreWithinTheDeviceAndApart(long seed) throws IOException {
        Random random = new Random(seed);
        ImageBlocks sound = seed % 2 == 0
                ? chain()
                : new GptImage(512, BLOCKS)
                        .partition(1, 100, 199)
                        .partition(2, 200, 299)
                        .build();
        List<Long> places =
                seed % 2 == 0 ? List.of(0L, 100L, 200L, 300L) : List.of(0L, 1L, 2L, BLOCKS - 33L, BLOCKS - 1L);
        for (int round = 0; round < ROUNDS; round++) {
            ImageBlocks image = sound.copy();
            for (int change = random.nextInt(6); change >= 0; change--) {
                long block = places.get(random.nextInt(places.size()));
                int at = random.nextBoolean() ? random.nextInt(96) : random.nextInt(512);
                byte value = random.nextBoolean() ? EXTREMES[random.nextInt(EXTREMES.length)] : (byte) random.nextInt();
                image.edit(block, bytes -> bytes.put(at, value));
            }
            if (random.nextBoolean()) {
                image.edit(1, GptImage::seal);
                image.edit(BLOCKS - 1L, GptImage::seal);
            }
            check(image);
        }
    }

    private static void check(ImageBlocks image) throws IOException {
        int writes = image.writes();
        ReadingCheck.read(image);
        assertThat(image.writes()).isEqualTo(writes);
        assertThat(image.blocksRead()).isLessThan(40_000);
    }
}
