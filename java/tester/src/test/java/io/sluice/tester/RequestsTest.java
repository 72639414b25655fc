package io.sluice.tester;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    private static final int UNIT = 4096;

    private static List<Long> units(Requests requests, int count) {
        List<Long> units = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            assertThat(requests.next()).isTrue();
            assertThat(requests.position() % UNIT).isZero();
            units.add(requests.position() / UNIT);
        }
        return units;
    }

    private static Requests of(Access access, long windowUnits, long seed) {
        return new Requests(Workload.builder().access(access).seed(seed).build(), windowUnits * UNIT);
    }

    @Test
    void sequentialGoesFromFrontToBackAndAgain() {
        assertThat(units(of(Access.sequential(), 3, 1), 7)).containsExactly(0L, 1L, 2L, 0L, 1L, 2L, 0L);
    }

    @Test
    void pingPongComesInTurnsFromFrontAndBack() {
        assertThat(units(of(Access.pingPong(), 5, 1), 7)).containsExactly(0L, 4L, 1L, 3L, 2L, 0L, 4L);
    }

    @Test
    void randomFollowsFromTheSeedAlone() {
        List<Long> first = units(of(Access.random(), 1000, 7), 100);

        assertThat(units(of(Access.random(), 1000, 7), 100)).isEqualTo(first);
        assertThat(units(of(Access.random(), 1000, 8), 100)).isNotEqualTo(first);
        assertThat(first).allMatch(unit -> unit >= 0 && unit < 1000);
        assertThat(new HashSet<>(units(of(Access.random(), 8, 7), 1000))).hasSize(8);
    }

    @Test
    void restartingGivesTheSameRequests() {
        for (Access access :
                List.of(Access.sequential(), Access.random(), Access.pingPong(), new Access.Random(true))) {
            Requests requests = of(access, 100, 3);
            List<Long> first = units(requests, 250);
            requests.restart();
            assertThat(units(requests, 250)).as(access.label()).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 1000, 4097})
    void onceMeansEachBlockBeforeAnyComesAgain(int windowUnits) {
        Requests requests = of(new Access.Random(true), windowUnits, 5);
        Set<Long> all = new HashSet<>(
                IntStream.range(0, windowUnits).mapToObj(i -> (long) i).toList());

        assertThat(new HashSet<>(units(requests, windowUnits))).isEqualTo(all);
        assertThat(new HashSet<>(units(requests, windowUnits))).isEqualTo(all);
    }

    @Test
    void eachPassHasAnOrderOfItsOwn() {
        Requests requests = of(new Access.Random(true), 1000, 5);

        assertThat(units(requests, 1000)).isNotEqualTo(units(requests, 1000));
    }

    @Test
    void theMixIsAsItWasAskedFor() {
        Requests requests = new Requests(
                Workload.builder()
                        .access(Access.random())
                        .mix(new Mix(70, 20, 0))
                        .build(),
                1000L * UNIT);
        int[] counts = new int[Operation.values().length];
        for (int i = 0; i < 100_000; i++) {
            assertThat(requests.next()).isTrue();
            counts[requests.operation().ordinal()]++;
        }

        assertThat(counts[Operation.TRIM.ordinal()]).isBetween(19_000, 21_000);
        assertThat(counts[Operation.READ.ordinal()]).isBetween(54_500, 57_500);
        assertThat(counts[Operation.WRITE.ordinal()]).isBetween(22_500, 25_500);
    }

    @Test
    void aSyncFollowsSoManyWrites() {
        Requests requests =
                new Requests(Workload.builder().mix(new Mix(0, 0, 3)).build(), 1000L * UNIT);
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            assertThat(requests.next()).isTrue();
            order.append(requests.operation().name().charAt(0));
        }
        assertThat(order).hasToString("WWWSWWWSW");
    }

    @Test
    void sizesHaveTheirSharesAndStayInTheWindow() {
        Sizes sizes = Sizes.of(List.of(new Sizes.Share(4096, 60), new Sizes.Share(65536, 40)));
        for (Access access : List.of(Access.sequential(), Access.random(), Access.pingPong())) {
            long window = 100L * UNIT;
            Requests requests =
                    new Requests(Workload.builder().access(access).sizes(sizes).build(), window);
            int large = 0;
            for (int i = 0; i < 10_000; i++) {
                assertThat(requests.next()).isTrue();
                assertThat(requests.position()).isBetween(0L, window - requests.length());
                large += requests.length() == 65536 ? 1 : 0;
            }
            assertThat(large).as(access.label()).isBetween(3_700, 4_300);
        }
    }

    @Test
    void aReplayEndsWithItsTrace() {
        Trace trace = new Trace.Builder("trace")
                .add(5_000, Operation.WRITE, 512, 1024)
                .add(9_000, Operation.SYNC, 0, 0)
                .build();
        Requests requests = new Requests(
                Workload.builder().access(new Access.Replay(trace, true)).build(), 1 << 20);

        assertThat(requests.next()).isTrue();
        assertThat(requests.operation()).isEqualTo(Operation.WRITE);
        assertThat(requests.position()).isEqualTo(512);
        assertThat(requests.length()).isEqualTo(1024);
        assertThat(requests.nanos()).isZero();
        assertThat(requests.next()).isTrue();
        assertThat(requests.operation()).isEqualTo(Operation.SYNC);
        assertThat(requests.nanos()).isEqualTo(4_000);
        assertThat(requests.next()).isFalse();
    }
}
