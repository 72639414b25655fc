package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArbitrationTest {
    private static final int HIGH = 1;
    private static final int MEDIUM = 2;
    private final Arbitration arbitration = new Arbitration();
    private final Map<Integer, Integer> waiting = new HashMap<>();
    private final List<SubmissionQueue> queues = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();

    private void queue(int id, int priority, int commands) {
        queues.add(new SubmissionQueue(id, 64, 0, new CompletionQueue(id, 64, 0, -1), priority));
        waiting.put(id, commands);
    }

    private int serve(SubmissionQueue queue, int limit) {
        int served = Math.min(limit, waiting.get(queue.id()));
        waiting.merge(queue.id(), -served, Integer::sum);
        for (int i = 0; i < served; i++) {
            order.add(queue.id());
        }
        return served;
    }

    private int round(boolean weighted, int parameters) {
        return arbitration.round(queues, this::serve, weighted, parameters);
    }

    @Test
    void inTurnEachQueueIsServedABurst() {
        queue(1, HIGH, 10);
        queue(2, HIGH, 1);
        queue(3, HIGH, 10);
        assertThat(round(false, 2)).isEqualTo(9);
        assertThat(waiting).containsEntry(1, 6).containsEntry(2, 0).containsEntry(3, 6);
        assertThat(round(false, 7)).isEqualTo(12);
        assertThat(round(false, 7)).isZero();
    }

    @Test
    void urgentCommandsComeBeforeAllOthers() {
        queue(1, HIGH, 4);
        queue(2, SubmissionQueue.URGENT, 6);
        assertThat(round(true, 1)).isEqualTo(2);
        assertThat(round(true, 1)).isEqualTo(2);
        assertThat(round(true, 1)).isEqualTo(2);
        assertThat(order).containsExactly(2, 2, 2, 2, 2, 2);
        assertThat(round(true, 1)).isPositive();
        assertThat(order).contains(1);
    }

    @Test
    void theOthersAreServedByTheirWeights() {
        queue(1, HIGH, 1000);
        queue(2, MEDIUM, 1000);
        queue(3, SubmissionQueue.LOW, 1000);
        // Weights 8, 4 and 2, bursts without a limit.
        int parameters = 7 << 24 | 3 << 16 | 1 << 8 | 7;
        for (int i = 0; i < 10; i++) {
            assertThat(round(true, parameters)).isEqualTo(14);
        }
        assertThat(waiting).containsEntry(1, 920).containsEntry(2, 960).containsEntry(3, 980);
    }

    @Test
    void aQueueThatIsAloneInItsPriorityGetsItsWeightInShortBursts() {
        queue(1, HIGH, 1000);
        queue(2, SubmissionQueue.LOW, 1000);
        // Weights 8 and 2, bursts of one command.
        assertThat(round(true, 7 << 24 | 1 << 8)).isEqualTo(10);
        assertThat(order).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 2, 2);
    }

    @Test
    void queuesOfOnePriorityTakeTurns() {
        queue(1, HIGH, 100);
        queue(2, HIGH, 100);
        queue(3, HIGH, 100);
        for (int i = 0; i < 30; i++) {
            assertThat(round(true, 1)).isEqualTo(1);
        }
        assertThat(waiting.values()).containsOnly(90);
    }
}
