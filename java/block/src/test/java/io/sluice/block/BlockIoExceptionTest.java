package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockIoExceptionTest {
    @Test
    void theMessageNamesOperationBlocksDeviceAndReason() {
        assertThat(new BlockIoException("0000:03:00.0/n1", Operation.WRITE_ZEROES, 17, 3, "it is gone"))
                .hasMessage("write zeroes of 3 blocks at block 17 on 0000:03:00.0/n1: it is gone");
        assertThat(new InvalidRequestException("d", Operation.READ, 0, 1, "why"))
                .hasMessage("read of 1 block at block 0 on d: why");
        assertThat(new DeadlineException("d", Operation.SYNC, 0, 0, "too late")).hasMessage("sync on d: too late");
        assertThat(new DeviceGoneException("d", "pulled")).hasMessage("d: pulled");
        assertThat(new SessionClosedException("d", "closed")).hasMessage("d: closed");
        assertThat(new DeadlineException("d", "slow")).hasMessage("d: slow");
    }

    @Test
    void theFactsCanBeAskedForOneByOne() {
        BlockIoException failure = new DeviceGoneException("d", Operation.TRIM, 5, 6, "gone");

        assertThat(failure.device()).isEqualTo("d");
        assertThat(failure.operation()).isEqualTo(Operation.TRIM);
        assertThat(failure.firstBlock()).isEqualTo(5);
        assertThat(failure.blockCount()).isEqualTo(6);
    }

    @Test
    void aFailureOfTheWholeDeviceNamesNoBlocks() {
        BlockIoException failure = new BlockIoException("d", "gone");

        assertThat(failure.operation()).isNull();
        assertThat(failure.firstBlock()).isZero();
        assertThat(failure.blockCount()).isZero();
    }
}
