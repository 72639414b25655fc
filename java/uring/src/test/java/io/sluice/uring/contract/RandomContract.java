package io.sluice.uring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.uring.UringDevice;
import io.sluice.uring.UringSession;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random operations, many in flight, against a model in memory; never two at once on the same blocks if one of them changes those. */
@Timeout(300)
public abstract class RandomContract {
    private static final int BLOCKS = 512;
    private static final int LARGEST = 24;
    private static final int DEPTH = 16;

    /** Opens a device of at least 1 MiB, whose content may be overwritten. */
    protected abstract UringDevice open() throws IOException;

    /** How many operations; fewer where each takes long. */
    protected int operations() {
        return 20_000;
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        try (UringDevice device = open();
                UringSession session = device.open(SessionOptions.defaults()
                        .writeable(true)
                        .queueDepth(DEPTH)
                        .bufferBytes(DEPTH * LARGEST * device.geometry().blockBytes()))) {
            new Run(session, seed).run(operations());
        } catch (IOException | RuntimeException | AssertionError failure) {
            throw new AssertionError("with -Dsluice.seed=" + seed + ": " + failure.getMessage(), failure);
        }
    }

    private static final class Run implements Completion {
        private final UringSession session;
        private final Random random;
        private final int block;
        private final int slotBytes;
        /** What each block is filled with; negative when it is not known, as after a trim. */
        private final int[] model = new int[BLOCKS];
        /** How many operations in flight touch each block. */
        private final int[] touched = new int[BLOCKS];

        private final Operation[] operation = new Operation[DEPTH];
        private final int[] first = new int[DEPTH];
        private final int[] count = new int[DEPTH];
        private final int[] value = new int[DEPTH];
        private int reported;

        Run(UringSession session, long seed) {
            this.session = session;
            this.random = new Random(seed);
            this.block = session.geometry().blockBytes();
            this.slotBytes = LARGEST * block;
            Arrays.fill(model, -1);
        }

        void run(int operations) throws IOException {
            int submitted = 0;
            while (reported < operations) {
                int wanted = random.nextInt(DEPTH);
                for (int i = 0; i < wanted && submitted < operations; i++) {
                    submitted += submit() ? 1 : 0;
                }
                session.commit();
                if (session.inFlight() > 0) {
                    assertThat(session.await(20_000_000_000L)).isTrue();
                    session.poll(this, 1 + random.nextInt(DEPTH));
                }
            }
            assertThat(session.statistics().failures()).isZero();
        }

        private boolean submit() throws BlockIoException {
            int slot = 0;
            while (slot < DEPTH && operation[slot] != null) {
                slot++;
            }
            if (slot == DEPTH) {
                return false;
            }
            Geometry geometry = session.geometry();
            Operation chosen = Operation.values()[random.nextInt(Operation.values().length)];
            if (chosen == Operation.TRIM && geometry.maxTrimBlocks() == 0) {
                chosen = Operation.READ;
            }
            first[slot] = random.nextInt(BLOCKS - LARGEST);
            count[slot] = chosen == Operation.SYNC ? 0 : 1 + random.nextInt(LARGEST);
            for (int i = 0; i < count[slot]; i++) {
                if (touched[first[slot] + i] > 0) {
                    return false;
                }
            }
            value[slot] = random.nextInt(256);
            int at = slot * slotBytes;
            if (chosen == Operation.WRITE || chosen == Operation.WRITE_DURABLE) {
                byte[] data = new byte[count[slot] * block];
                Arrays.fill(data, (byte) value[slot]);
                session.buffer().bytes().put(at, data);
            }
            assertThat(session.submit(chosen, first[slot], count[slot], session.buffer(), at, slot))
                    .isTrue();
            operation[slot] = chosen;
            touch(slot, 1);
            return true;
        }

        private void touch(int slot, int change) {
            for (int i = 0; i < count[slot]; i++) {
                touched[first[slot] + i] += change;
            }
        }

        @Override
        public void completed(long tag) {
            int slot = (int) tag;
            switch (operation[slot]) {
                case READ -> check(slot);
                case WRITE, WRITE_DURABLE -> fill(slot, value[slot]);
                case WRITE_ZEROES -> fill(slot, 0);
                case TRIM -> fill(slot, -1);
                case SYNC -> {}
            }
            touch(slot, -1);
            operation[slot] = null;
            reported++;
        }

        private void fill(int slot, int with) {
            Arrays.fill(model, first[slot], first[slot] + count[slot], with);
        }

        private void check(int slot) {
            byte[] data = new byte[block];
            byte[] expected = new byte[block];
            for (int i = 0; i < count[slot]; i++) {
                int known = model[first[slot] + i];
                if (known >= 0) {
                    session.buffer().bytes().get(slot * slotBytes + i * block, data);
                    Arrays.fill(expected, (byte) known);
                    assertThat(data).as("block %d", first[slot] + i).isEqualTo(expected);
                }
            }
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }
    }
}
