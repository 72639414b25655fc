package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MpscRingTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "1000, 1024"})
    void itHoldsAPowerOfTwo(int wanted, int capacity) {
        MpscRing<Integer> ring = new MpscRing<>(wanted);
        assertThat(ring.capacity()).isEqualTo(capacity);
        for (int i = 0; i < capacity; i++) {
            assertThat(ring.offer(i)).isEqualTo(MpscRing.Offer.ACCEPTED);
        }
        assertThat(ring.offer(capacity)).isEqualTo(MpscRing.Offer.FULL);
    }

    @Test
    void elementsComeInTheirOrderRoundAndRound() {
        MpscRing<Integer> ring = new MpscRing<>(4);
        int next = 0;
        for (int i = 0; i < 100; i += 3) {
            for (int j = 0; j < 3; j++) {
                assertThat(ring.offer(i + j)).isEqualTo(MpscRing.Offer.ACCEPTED);
            }
            assertThat(ring.isEmpty()).isFalse();
            for (int j = 0; j < 3; j++) {
                assertThat(ring.take()).isEqualTo(next++);
            }
            assertThat(ring.isEmpty()).isTrue();
            assertThat(ring.take()).isNull();
        }
    }

    @Test
    void aClosedRingGivesWhatItHasAndTakesNothing() {
        MpscRing<Integer> ring = new MpscRing<>(4);
        assertThat(ring.offer(1)).isEqualTo(MpscRing.Offer.ACCEPTED);
        assertThat(ring.isClosed()).isFalse();
        ring.close();
        ring.close();
        assertThat(ring.isClosed()).isTrue();
        assertThat(ring.offer(2)).isEqualTo(MpscRing.Offer.CLOSED);
        assertThat(ring.isEmpty()).isFalse();
        assertThat(ring.take()).isEqualTo(1);
        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.take()).isNull();
    }

    @Test
    void aFullRingThatIsClosedSaysClosed() {
        MpscRing<Integer> ring = new MpscRing<>(1);
        assertThat(ring.offer(1)).isEqualTo(MpscRing.Offer.ACCEPTED);
        ring.close();
        assertThat(ring.offer(2)).isEqualTo(MpscRing.Offer.CLOSED);
    }

    @Test
    void manyProducersLoseNothingAndKeepTheirOrderEach() throws InterruptedException {
        int producers = 4;
        int each = 50_000;
        MpscRing<Long> ring = new MpscRing<>(64);
        AtomicLong accepted = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            long producer = p;
            Thread thread = new Thread(() -> {
                for (long i = 0; i < each; ) {
                    switch (ring.offer(producer << 32 | i)) {
                        case ACCEPTED -> i++;
                        case FULL -> Thread.onSpinWait();
                        case CLOSED -> {
                            accepted.addAndGet(i);
                            return;
                        }
                    }
                }
                accepted.addAndGet(each);
            });
            threads.add(thread);
            thread.start();
        }
        long[] next = new long[producers];
        long taken = 0;
        // Closed before all is offered: what was accepted must come out all the same.
        while (taken < 150_000) {
            Long element = ring.take();
            if (element == null) {
                Thread.onSpinWait();
                continue;
            }
            taken++;
            assertThat(element & 0xffff_ffffL).isEqualTo(next[(int) (element >> 32)]++);
        }
        ring.close();
        for (Thread thread : threads) {
            thread.join();
        }
        while (!ring.isEmpty()) {
            assertThat(ring.take()).isNotNull();
            taken++;
        }
        assertThat(taken).isEqualTo(accepted.get());
    }
}
