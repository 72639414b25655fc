package io.sluice.block.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteBarrierTest {
    private final WriteBarrier barrier = new WriteBarrier(8);

    @Test
    void aSyncWithoutEarlierWritesPasses() {
        assertThat(barrier.passes(0)).isTrue();
        assertThat(barrier.holds(0)).isFalse();
    }

    @Test
    void aSyncWaitsForEveryEarlierWrite() {
        barrier.submitted(0);
        barrier.submitted(1);
        assertThat(barrier.passes(2)).isFalse();
        assertThat(barrier.holds(2)).isTrue();

        assertThat(barrier.completed(1)).isFalse();
        assertThat(barrier.nextReady()).isNegative();
        assertThat(barrier.completed(0)).isTrue();
        assertThat(barrier.nextReady()).isEqualTo(2);
        assertThat(barrier.holds(2)).isFalse();
        assertThat(barrier.nextReady()).isNegative();
    }

    @Test
    void laterWritesDoNotHoldASyncUp() {
        barrier.submitted(0);
        barrier.passes(1);
        barrier.submitted(2);

        assertThat(barrier.completed(0)).isTrue();
        assertThat(barrier.nextReady()).isEqualTo(1);
        assertThat(barrier.completed(2)).isFalse();
    }

    @Test
    void aLaterSyncDoesNotOvertakeAnEarlierOne() {
        barrier.submitted(0);
        barrier.passes(1);
        barrier.submitted(2);
        barrier.passes(3);

        assertThat(barrier.completed(2)).isTrue();
        assertThat(barrier.nextReady()).isNegative();
        barrier.completed(0);
        assertThat(barrier.nextReady()).isEqualTo(1);
        assertThat(barrier.nextReady()).isEqualTo(3);
    }

    @Test
    void aDroppedSyncIsNeverReadyAndHoldsNobodyUp() {
        barrier.submitted(0);
        barrier.passes(1);
        barrier.passes(2);
        barrier.drop(1);

        assertThat(barrier.holds(1)).isFalse();
        barrier.completed(0);
        assertThat(barrier.nextReady()).isEqualTo(2);
    }

    @Test
    void syncsThatWereDroppedFillItUpInTheEnd() {
        barrier.submitted(7);
        int held = 0;
        while (!barrier.full()) {
            barrier.passes(0);
            barrier.drop(0);
            held++;
        }
        assertThat(held).isGreaterThanOrEqualTo(8);
        barrier.completed(7);
        assertThat(barrier.nextReady()).isNegative();
        assertThat(barrier.full()).isFalse();
        assertThat(barrier.passes(0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 64})
    void syncsGoNeitherTooEarlyNorTooLate(int slots) {
        for (long seed = 0; seed < 20; seed++) {
            new Model(slots, seed).run(3000);
        }
    }

    /** The same in the plainest words: each sync remembers the writes before it. */
    private static final class Model {
        private final WriteBarrier barrier;
        private final Random random;
        private final long seed;
        private final List<Integer> free;
        private final Set<Integer> writes = new HashSet<>();
        private final List<Held> held = new ArrayList<>();

        private record Held(int slot, Set<Integer> before) {}

        Model(int slots, long seed) {
            this.barrier = new WriteBarrier(slots);
            this.random = new Random(seed);
            this.seed = seed;
            this.free = new ArrayList<>(IntStream.range(0, slots).boxed().toList());
        }

        void run(int steps) {
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> write();
                    case 3 -> sync();
                    case 4 -> drop();
                    default -> complete();
                }
            }
        }

        private int takeSlot() {
            return free.remove(random.nextInt(free.size()));
        }

        private void write() {
            if (!free.isEmpty()) {
                int slot = takeSlot();
                barrier.submitted(slot);
                writes.add(slot);
            }
        }

        private void sync() {
            if (free.isEmpty() || barrier.full()) {
                return;
            }
            int slot = takeSlot();
            boolean passes = barrier.passes(slot);
            assertThat(passes).as("seed %d", seed).isEqualTo(writes.isEmpty());
            if (passes) {
                free.add(slot);
            } else {
                held.add(new Held(slot, new HashSet<>(writes)));
            }
        }

        private void drop() {
            if (!held.isEmpty()) {
                int slot = held.remove(random.nextInt(held.size())).slot();
                barrier.drop(slot);
                free.add(slot);
            }
        }

        private void complete() {
            if (writes.isEmpty()) {
                return;
            }
            int slot = writes.stream()
                    .skip(random.nextInt(writes.size()))
                    .findFirst()
                    .orElseThrow();
            writes.remove(slot);
            free.add(slot);
            held.forEach(h -> h.before().remove(slot));
            List<Integer> ready = new ArrayList<>();
            if (barrier.completed(slot)) {
                for (int next = barrier.nextReady(); next >= 0; next = barrier.nextReady()) {
                    ready.add(next);
                }
            }
            List<Integer> expected = held.stream()
                    .filter(h -> h.before().isEmpty())
                    .map(Held::slot)
                    .toList();
            assertThat(ready).as("seed %d", seed).isEqualTo(expected);
            held.removeIf(h -> h.before().isEmpty());
            free.addAll(ready);
        }
    }
}
