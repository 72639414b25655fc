package io.sluice.pci.vfiouser;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Breaks messages: the same seed breaks them in the same way. */
final class Mutator {
    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        24,
        31,
        32,
        33,
        64,
        255,
        256,
        4095,
        4096,
        0x4000,
        0xffff,
        1 << 20,
        (1 << 20) + 1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        -1,
        -2,
        -16,
        -4096,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 32,
        1L << 40
    };

    private final SplittableRandom random;

    Mutator(SplittableRandom random) {
        this.random = random;
    }

    /** A broken copy; now and then an unbroken one. */
    byte[] mutate(byte[] message) {
        byte[] broken = message.clone();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            broken = change(broken);
        }
        return broken;
    }

    private byte[] change(byte[] bytes) {
        int length = bytes.length;
        switch (random.nextInt(6)) {
            case 0 -> {
                return Arrays.copyOf(bytes, random.nextInt(length + 1));
            }
            case 1 -> {
                byte[] longer = Arrays.copyOf(bytes, length + 1 + random.nextInt(40));
                for (int i = length; i < longer.length; i++) {
                    longer[i] = (byte) random.nextInt();
                }
                return longer;
            }
            case 2 -> {
                if (length > 0) {
                    bytes[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 3 -> {
                if (length > 0) {
                    bytes[random.nextInt(length)] = (byte) random.nextInt();
                }
            }
            case 4 -> put(bytes, Integer.BYTES);
            default -> put(bytes, Long.BYTES);
        }
        return bytes;
    }

    /** Puts one of the numbers at which arithmetic goes wrong. */
    private void put(byte[] bytes, int width) {
        if (bytes.length < width) {
            return;
        }
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        int at = random.nextInt((bytes.length - width) / 4 + 1) * 4;
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (width == Integer.BYTES) {
            buffer.putInt(at, (int) number);
        } else {
            buffer.putLong(at, number);
        }
    }
}
