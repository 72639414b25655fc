package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StagingMemoryTest {
    private static final int UNIT = 4096;

    private record Piece(int offset, int size) {
        boolean overlaps(Piece other) {
            return offset < other.offset + other.size && other.offset < offset + size;
        }
    }

    @Test
    void piecesNeverOverlapAndAllOfItComesBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        StagingMemory memory = new StagingMemory(ClientMemory.allocate(64 * UNIT, UNIT), UNIT);
        List<Piece> pieces = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(5) < 3) {
                int size = 1 + random.nextInt(12 * UNIT);
                int offset = memory.take(size);
                if (offset < 0) {
                    refused++;
                    continue;
                }
                Piece piece = new Piece(offset, size);
                assertThat(offset % UNIT).as("seed %d", seed).isZero();
                assertThat(offset + size).as("seed %d", seed).isLessThanOrEqualTo(64 * UNIT);
                assertThat(pieces).as("seed %d", seed).noneMatch(piece::overlaps);
                pieces.add(piece);
            } else if (!pieces.isEmpty()) {
                Piece piece = pieces.remove(random.nextInt(pieces.size()));
                memory.giveBack(piece.offset, piece.size);
            }
        }
        assertThat(refused).as("times that it was full, seed %d", seed).isPositive();
        pieces.forEach(piece -> memory.giveBack(piece.offset, piece.size));
        assertThat(memory.take(64 * UNIT)).as("all of it, seed %d", seed).isZero();
        assertThat(memory.take(1)).isNegative();
    }
}
