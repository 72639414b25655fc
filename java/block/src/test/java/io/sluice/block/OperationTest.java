package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OperationTest {
    @Test
    void readsAndWritesTransferData() {
        assertThat(Arrays.stream(Operation.values()).filter(Operation::transfers))
                .containsExactly(Operation.READ, Operation.WRITE, Operation.WRITE_DURABLE);
    }

    @Test
    void everythingButReadingAndSyncingChangesBlocks() {
        assertThat(Arrays.stream(Operation.values()).filter(o -> !o.changes()))
                .containsExactly(Operation.READ, Operation.SYNC);
    }
}
