package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RamDeviceTest implements Completion {
    @Override
    public void completed(long tag) {}

    @Override
    public void failed(long tag, BlockIoException failure) {
        throw new AssertionError(failure);
    }

    private void perform(BlockSession session, Operation operation, long block, long count) throws IOException {
        assertThat(session.submit(operation, block, count, session.buffer(), 0, 0))
                .isTrue();
        session.commit();
        assertThat(session.poll(this, 1)).isEqualTo(1);
    }

    @Test
    void aDeviceMayBeFarLargerThanTheMachine() throws IOException {
        try (RamDevice device = new RamDevice("huge", 512, 1L << 53);
                BlockSession session = device.open(SessionOptions.defaults().writeable(true))) {
            long[] places = {0, 1, (1L << 53) - 1, 1L << 52, 12345678901234L};
            for (long place : places) {
                session.buffer().bytes().putLong(0, place);
                perform(session, Operation.WRITE, place, 1);
            }
            for (long place : places) {
                session.buffer().bytes().putLong(0, -1);
                perform(session, Operation.READ, place, 1);
                assertThat(session.buffer().bytes().getLong(0)).isEqualTo(place);
            }
            perform(session, Operation.WRITE_ZEROES, 1, (1L << 53) - 1);
            perform(session, Operation.READ, (1L << 53) - 1, 1);
            assertThat(session.buffer().bytes().getLong(0)).isZero();
            perform(session, Operation.READ, 1L << 52, 1);
            assertThat(session.buffer().bytes().getLong(0)).isZero();
        }
    }

    @Test
    void whatIsWrittenAndZeroedAtRandomIsWhatAnArrayHolds() throws IOException {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        Random random = new Random(seed);
        int blocks = 4096;
        byte[] model = new byte[512 * blocks];
        try (RamDevice device = new RamDevice("ram", 512, blocks);
                BlockSession session = device.open(SessionOptions.defaults().writeable(true))) {
            for (int i = 0; i < 500; i++) {
                int first = random.nextInt(blocks);
                int count = 1 + random.nextInt(Math.min(blocks - first, 1500));
                byte[] data = new byte[512 * count];
                Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
                if (operation == Operation.READ) {
                    perform(session, operation, first, count);
                    session.buffer().bytes().get(0, data);
                    assertThat(Arrays.equals(data, 0, data.length, model, 512 * first, 512 * (first + count)))
                            .as("-Dsluice.seed=%s, step %s: %s blocks at %s", seed, i, count, first)
                            .isTrue();
                    continue;
                }
                if (operation.transfers()) {
                    random.nextBytes(data);
                    session.buffer().bytes().put(0, data);
                }
                perform(session, operation, first, count);
                if (operation != Operation.SYNC) {
                    System.arraycopy(data, 0, model, 512 * first, data.length);
                }
            }
        }
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new RamDevice("ram", 256, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RamDevice("ram", 1000, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RamDevice("ram", 512, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RamDevice("ram", 512, (1L << 53) + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2^62");
    }
}
