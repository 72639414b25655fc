package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SegmentsTest {
    private record Memory(ByteBuffer bytes) implements IoBuffer {
        static Memory of(int size) {
            return new Memory(ByteBuffer.allocateDirect(size));
        }

        @Override
        public int size() {
            return bytes.capacity();
        }
    }

    private final Memory memory = Memory.of(8192);

    @Test
    void holdsWhatWasAddedInItsOrder() {
        Memory other = Memory.of(512);
        Segments segments =
                new Segments(3).add(memory, 100, 8).add(other, 0, 512).add(memory, 8191, 1);

        assertThat(segments.count()).isEqualTo(3);
        assertThat(segments.bytes()).isEqualTo(521);
        assertThat(segments.memory(1)).isSameAs(other);
        assertThat(segments.offset(2)).isEqualTo(8191);
        assertThat(segments.length(0)).isEqualTo(8);
    }

    @Test
    void takesNoMoreThanItHasRoomFor() {
        Segments segments = new Segments(1).add(memory, 0, 8);

        assertThatThrownBy(() -> segments.add(memory, 8, 8)).isInstanceOf(IllegalStateException.class);
        assertThat(segments.bytes()).isEqualTo(8);
        segments.clear();
        assertThat(segments.count()).isZero();
        assertThat(segments.bytes()).isZero();
        assertThatThrownBy(() -> segments.memory(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(segments.add(memory, 8, 8).count()).isEqualTo(1);
    }

    @Test
    void aSegmentLiesWithinItsMemoryHoweverTheNumbersAreChosen() {
        HostileNumbers numbers = new HostileNumbers(11, memory.size(), 1);
        Segments segments = new Segments(1);
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            long offset = i % 2 == 0 ? i % 8192 : numbers.next();
            long length = numbers.next();
            boolean fits = offset >= 0
                    && length >= 1
                    && BigInteger.valueOf(offset)
                                    .add(BigInteger.valueOf(length))
                                    .compareTo(BigInteger.valueOf(memory.size()))
                            <= 0;
            try {
                segments.clear().add(memory, offset, length);
                assertThat(fits).as("%d bytes at %d", length, offset).isTrue();
                taken++;
            } catch (IndexOutOfBoundsException refused) {
                assertThat(fits).as("%d bytes at %d", length, offset).isFalse();
            }
        }
        assertThat(taken).isPositive();
    }

    @Test
    void aCopyIsNotChangedWithItsOriginal() {
        Segments original = new Segments(2).add(memory, 0, 8);
        Segments copy = new Segments(1).copy(original);
        original.clear().add(memory, 16, 24).add(memory, 0, 4);

        assertThat(copy.bytes()).isEqualTo(8);
        assertThat(copy.offset(0)).isZero();
        assertThatThrownBy(() -> copy.copy(original)).isInstanceOf(IllegalStateException.class);
        assertThat(copy.count()).isEqualTo(1);
    }

    @Test
    void theCapacityHasItsLimits() {
        for (int capacity : new int[] {0, -1, Segments.MOST + 1}) {
            assertThatThrownBy(() -> new Segments(capacity)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Segments(Segments.MOST).capacity()).isEqualTo(1024);
    }
}
