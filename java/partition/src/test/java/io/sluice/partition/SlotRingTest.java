package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotRingTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 128, 1000})
    void slotsComeInTheirOrderAndOnlyOncePublished(int room) {
        SlotRing ring = new SlotRing(room);
        assertThat(ring.publish()).isFalse();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < room; i++) {
                ring.add(i);
            }
            assertThat(ring.size()).isZero();
            assertThat(ring.hasNews()).isFalse();
            assertThat(ring.publish()).isTrue();
            assertThat(ring.hasNews()).isTrue();
            assertThat(ring.size()).isEqualTo(room);
            assertThat(ring.hasNews()).as("nothing that was not seen").isFalse();
            for (int i = 0; i < room; i++) {
                assertThat(ring.peek()).isEqualTo(i);
                assertThat(ring.take()).isEqualTo(i);
            }
            assertThat(ring.size()).isZero();
        }
    }
}
