package io.sluice.block.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlotFactsTest {
    private static final long LARGEST = (1L << 59) - 1;

    @ParameterizedTest
    @EnumSource
    void factsOfASlotAreThoseOfItsLastOperation(Operation operation) {
        SlotFacts facts = new SlotFacts(4);
        facts.set(3, Operation.READ, 1, 1, 1);
        facts.attach(3);
        facts.set(2, Operation.WRITE, 9, 9, 9);
        facts.set(3, operation, Long.MAX_VALUE, LARGEST, -5);

        assertThat(facts.operation(3)).isEqualTo(operation);
        assertThat(facts.kind(3)).isEqualTo(operation.ordinal());
        assertThat(facts.changes(3)).isEqualTo(operation.changes());
        assertThat(facts.block(3)).isEqualTo(Long.MAX_VALUE);
        assertThat(facts.count(3)).isEqualTo(LARGEST);
        assertThat(facts.tag(3)).isEqualTo(-5);
        assertThat(facts.attached(3)).isFalse();
        assertThat(facts.count(2)).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource
    void onlyReadsWithNothingAttachedArePlain(Operation operation) {
        SlotFacts facts = new SlotFacts(2);
        facts.set(1, operation, 7, 11, 3);
        assertThat(facts.plainReadBlocks(1)).isEqualTo(operation == Operation.READ ? 11 : -1);

        facts.attach(1);
        assertThat(facts.attached(1)).isTrue();
        assertThat(facts.plainReadBlocks(1)).isEqualTo(-1);
        assertThat(facts.operation(1)).isEqualTo(operation);
        assertThat(facts.count(1)).isEqualTo(11);
    }
}
