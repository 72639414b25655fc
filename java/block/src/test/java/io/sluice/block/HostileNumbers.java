package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Random;

/**
 * Numbers that break arithmetic: powers of two and their neighbours, ends of ranges, and sums of these that wrap. A session is asked for every operation
 * with such numbers, and must do exactly what can be done: what that is, numbers without an end tell.
 */
public final class HostileNumbers implements Completion {
    private final Random random;
    private final long[] ends;
    private long done;

    /**
     * Numbers around certain ends and around those of {@code int} and {@code long}.
     *
     * @param ends where ranges end, such as the number of blocks or the size of a buffer
     */
    public HostileNumbers(long seed, long... ends) {
        this.random = new Random(seed);
        this.ends = ends.clone();
    }

    /** The next number. */
    public long next() {
        long number = switch (random.nextInt(6)) {
            case 0 -> random.nextInt(4);
            case 1 -> 1L << random.nextInt(64);
            case 2 -> Long.MAX_VALUE - random.nextInt(3);
            case 3 -> Long.MIN_VALUE + random.nextInt(3);
            case 4 -> random.nextLong();
            default -> ends[random.nextInt(ends.length)];
        };
        return switch (random.nextInt(8)) {
            case 0 -> -number;
            case 1 -> number + 1;
            case 2 -> number - 1;
            case 3 -> number + ends[random.nextInt(ends.length)];
            case 4 -> number - ends[random.nextInt(ends.length)];
            case 5 -> number & -ends[random.nextInt(ends.length)];
            default -> number;
        };
    }

    /** Asks a session for operations; nothing may be in flight. What cannot be done must be refused, all else be done. */
    public static void ask(BlockSession session, long seed, int times) throws IOException {
        Geometry geometry = session.geometry();
        HostileNumbers numbers = new HostileNumbers(
                seed,
                geometry.blockCount(),
                geometry.maxTransferBlocks(),
                Math.max(1, geometry.maxTrimBlocks()),
                Math.max(1, geometry.maxZeroBlocks()),
                session.buffer().size(),
                geometry.blockBytes(),
                1);
        int accepted = 0;
        for (int i = 0; i < times; i++) {
            Operation operation = Operation.values()[numbers.random.nextInt(Operation.values().length)];
            long block = numbers.next();
            long count = numbers.random.nextBoolean() ? 1 + numbers.random.nextInt(3) : numbers.next();
            long offset = numbers.random.nextBoolean() ? 0 : numbers.next();
            boolean possible = possible(session, operation, block, count, offset);
            boolean taken = true;
            try {
                taken = (numbers.random.nextBoolean() || !operation.transfers())
                        ? session.submit(operation, block, count, session.buffer(), offset, i)
                        : submitInTwo(session, operation, block, count, offset, i);
                assertThat(possible)
                        .as(
                                "%s of %d blocks at %d, offset %d, was taken (seed %d)",
                                operation, count, block, offset, seed)
                        .isTrue();
                assertThat(taken).as("room for an operation").isTrue();
            } catch (InvalidRequestException | IndexOutOfBoundsException refusal) {
                assertThat(possible)
                        .as(
                                "%s of %d blocks at %d, offset %d, was refused (seed %d): %s",
                                operation, count, block, offset, seed, refusal)
                        .isFalse();
                continue;
            }
            accepted++;
            session.commit();
            while (session.inFlight() > 0) {
                if (session.poll(numbers, 1) == 0) {
                    boolean ignored = session.await(1_000_000_000L);
                }
            }
        }
        assertThat(numbers.done).isEqualTo(accepted).isPositive();
    }

    /** The same transfer in two segments where it can be cut, and in one where it cannot. */
    private static boolean submitInTwo(
            BlockSession session, Operation operation, long block, long count, long offset, long tag)
            throws BlockIoException {
        Segments segments = new Segments(2);
        long bytes = count * session.geometry().blockBytes();
        long first = count > 1 && count < 1 << 20 ? session.geometry().blockBytes() : 0;
        if (first > 0) {
            segments.add(session.buffer(), offset, first);
        }
        segments.add(session.buffer(), offset + first, bytes - first);
        return session.submit(operation, block, count, segments, tag);
    }

    private static boolean possible(BlockSession session, Operation operation, long block, long count, long offset) {
        Geometry geometry = session.geometry();
        if (operation == Operation.SYNC) {
            return true;
        }
        if (operation.changes() && !geometry.writeable()) {
            return false;
        }
        long most = operation.transfers()
                ? geometry.maxTransferBlocks()
                : operation == Operation.TRIM ? geometry.maxTrimBlocks() : geometry.maxZeroBlocks();
        boolean inWindow = block >= 0
                && count >= 1
                && count <= most
                && sum(block, count).compareTo(BigInteger.valueOf(geometry.blockCount())) <= 0;
        if (!inWindow || !operation.transfers()) {
            return inWindow;
        }
        BigInteger bytes = BigInteger.valueOf(count).multiply(BigInteger.valueOf(geometry.blockBytes()));
        return offset >= 0
                && offset % geometry.alignmentBytes() == 0
                && bytes.add(BigInteger.valueOf(offset))
                                .compareTo(BigInteger.valueOf(session.buffer().size()))
                        <= 0;
    }

    private static BigInteger sum(long one, long other) {
        return BigInteger.valueOf(one).add(BigInteger.valueOf(other));
    }

    @Override
    public void completed(long tag) {
        done++;
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        throw new AssertionError(failure);
    }
}
