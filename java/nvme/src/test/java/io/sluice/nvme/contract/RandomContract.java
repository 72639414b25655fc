package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * A random mixture of operations, many in flight, against a model in memory. Operations in flight at the same time touch
 * different blocks: nothing is promised about others. The seed is in the failure's message.
 */
public abstract class RandomContract {
    private static final int BLOCKS = 512;
    private static final int OPERATIONS = 1500;

    @OnEveryController
    void aMixtureOfOperationsDoesWhatItDoesInMemory(ControllerLab lab) throws IOException {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        try (Drive drive = Drive.open(lab);
                BlockSession session =
                        drive.session(Drive.writeable().queueDepth(16).window(3000, BLOCKS))) {
            mix(session, seed);
        }
    }

    private static void mix(BlockSession session, long seed) {
        try {
            new Mixture(session, seed).run();
        } catch (AssertionError | RuntimeException | IOException failure) {
            throw new AssertionError("with -Dsluice.seed=" + seed + ": " + failure.getMessage(), failure);
        }
    }

    /** One run of it. Each operation in flight has a part of the buffer of its own. */
    private static final class Mixture implements Completion {
        private final BlockSession session;
        private final Random random;
        private final int blockBytes;
        private final int partBlocks;
        private final byte[] model;
        private final BitSet unknown = new BitSet();
        private final BitSet busy = new BitSet();
        private final Started[] started;

        Mixture(BlockSession session, long seed) throws IOException {
            this.session = session;
            this.random = new Random(seed);
            this.blockBytes = session.geometry().blockBytes();
            this.started = new Started[session.queueDepth()];
            this.partBlocks = Math.min(
                    session.geometry().maxTransferBlocks(), session.buffer().size() / started.length / blockBytes - 1);
            this.model = new byte[BLOCKS * blockBytes];
            Exchange exchange = new Exchange(session);
            for (int block = 0; block < BLOCKS; block += partBlocks) {
                exchange.perform(Operation.WRITE_ZEROES, block, Math.min(partBlocks, BLOCKS - block), 0);
            }
        }

        void run() throws IOException {
            for (int left = OPERATIONS; left > 0 || session.inFlight() > 0; ) {
                int batch = 1 + random.nextInt(started.length);
                while (batch-- > 0 && left > 0) {
                    left -= start() ? 1 : 0;
                }
                session.commit();
                session.poll(this, 1 + random.nextInt(started.length));
            }
            assertThat(session.statistics().failures()).isZero();
        }

        private boolean start() throws IOException {
            int slot = freeSlot();
            int count = 1 + random.nextInt(partBlocks);
            int block = random.nextInt(BLOCKS);
            count = Math.min(count, BLOCKS - block);
            int taken = busy.nextSetBit(block);
            if (slot < 0 || (taken >= 0 && taken < block + count)) {
                return false;
            }
            Operation[] operations = Operation.values();
            Operation operation = operations[random.nextInt(operations.length)];
            int part = session.buffer().size() / started.length;
            int offset = slot * part + 4 * random.nextInt(blockBytes / 4);
            byte[] data = new byte[0];
            if (operation.transfers() && operation.changes()) {
                data = Pattern.of(random.nextLong(), count * blockBytes);
                session.buffer().bytes().put(offset, data);
            }
            assertThat(session.submit(operation, block, count, session.buffer(), offset, slot))
                    .as("%s of %s blocks at %s", operation, count, block)
                    .isTrue();
            started[slot] = new Started(operation, block, count, offset, data);
            if (operation != Operation.SYNC) {
                busy.set(block, block + count);
            }
            return true;
        }

        private int freeSlot() {
            return Arrays.asList(started).indexOf(null);
        }

        @Override
        public void completed(long tag) {
            Started operation = started[(int) tag];
            started[(int) tag] = null;
            int from = operation.block * blockBytes;
            int bytes = operation.count * blockBytes;
            int to = operation.block + operation.count;
            switch (operation.operation) {
                case SYNC -> {
                    return;
                }
                case WRITE, WRITE_DURABLE -> {
                    System.arraycopy(operation.data, 0, model, from, bytes);
                    unknown.clear(operation.block, to);
                }
                case WRITE_ZEROES -> {
                    Arrays.fill(model, from, from + bytes, (byte) 0);
                    unknown.clear(operation.block, to);
                }
                case TRIM -> unknown.set(operation.block, to);
                case READ -> compare(operation);
            }
            busy.clear(operation.block, to);
        }

        private void compare(Started read) {
            byte[] found = new byte[blockBytes];
            for (int i = 0; i < read.count; i++) {
                int block = read.block + i;
                if (!unknown.get(block)) {
                    session.buffer().bytes().get(read.offset + i * blockBytes, found);
                    assertThat(found)
                            .as("block %s, the %s. of %s", block, i + 1, read)
                            .isEqualTo(Arrays.copyOfRange(model, block * blockBytes, (block + 1) * blockBytes));
                }
            }
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(started[(int) tag] + " failed", failure);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Started(Operation operation, int block, int count, int offset, byte[] data) {
        @Override
        public String toString() {
            return operation + " of " + count + " blocks at " + block + ", offset " + offset;
        }
    }
}
