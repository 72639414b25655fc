package io.sluice.partition;

import io.sluice.block.WaitStrategy;
import java.util.Objects;

/**
 * How many sessions go over one. Immutable; the methods return changed copies.
 *
 * <p>The defaults: 16 MiB of memory and 1024 operations for the session underneath, 128 KiB in flight while several clients are at work, {@link
 * WaitStrategy#adaptive}.
 *
 * @param bufferBytes size of the memory through which data is copied, bytes, 4096 to 2^30
 * @param queueDepth operations in flight on the session underneath, 1 to 65535
 * @param sharedBytes how many bytes are in flight while several clients are at work, 4096 to 2^30. More makes better use of a device that does many things at
 *     once; less lets a client that comes with a small operation wait less for the others' large ones. Whatever it is, each client may have one operation in
 *     flight, and a client that is alone as many as it likes
 * @param waiting what the thread that polls does while there is nothing to do
 */
public record MultiplexerOptions(int bufferBytes, int queueDepth, int sharedBytes, WaitStrategy waiting) {
    private static final MultiplexerOptions DEFAULTS =
            new MultiplexerOptions(16 << 20, 1024, 128 << 10, WaitStrategy.adaptive());

    public MultiplexerOptions {
        Objects.requireNonNull(waiting, "waiting");
        if (sharedBytes < 4096 || sharedBytes > 1 << 30) {
            throw new IllegalArgumentException(sharedBytes + " bytes in flight: expected 4096 to 2^30");
        }
    }

    /** The defaults of the class description. */
    public static MultiplexerOptions defaults() {
        return DEFAULTS;
    }

    /** Size of the memory underneath, bytes. */
    public MultiplexerOptions bufferBytes(int value) {
        return new MultiplexerOptions(value, queueDepth, sharedBytes, waiting);
    }

    /** Operations in flight underneath. */
    public MultiplexerOptions queueDepth(int value) {
        return new MultiplexerOptions(bufferBytes, value, sharedBytes, waiting);
    }

    /** Bytes in flight while several clients are at work. */
    public MultiplexerOptions sharedBytes(int value) {
        return new MultiplexerOptions(bufferBytes, queueDepth, value, waiting);
    }

    /** What to do while there is nothing to do. */
    public MultiplexerOptions waiting(WaitStrategy value) {
        return new MultiplexerOptions(bufferBytes, queueDepth, sharedBytes, value);
    }
}
