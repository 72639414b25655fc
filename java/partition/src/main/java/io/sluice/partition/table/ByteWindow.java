package io.sluice.partition.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Any bytes of an extent, to read alone. */
final class ByteWindow {
    /** Most bytes at a time: whoever wants more believed a length on the disk. */
    static final int MOST_BYTES = 1 << 20;

    private final Blocks blocks;
    private final Extent extent;

    ByteWindow(Blocks blocks, Extent extent) {
        this.blocks = blocks;
        this.extent = extent;
    }

    /**
     * Reads bytes.
     *
     * @param position of the first byte, counted from the start of the extent
     * @param length from 1 to {@link #MOST_BYTES}
     * @return little-endian; null when the bytes are not within the extent
     */
    @Nullable
    ByteBuffer read(long position, int length) throws IOException {
        if (position < 0 || length < 1 || length > MOST_BYTES || position > Long.MAX_VALUE - length) {
            return null;
        }
        int shift = Integer.numberOfTrailingZeros(blocks.blockBytes());
        long first = position >> shift;
        long last = (position + length - 1) >> shift;
        if (last >= extent.blockCount()) {
            return null;
        }
        int skip = (int) (position & (blocks.blockBytes() - 1));
        return blocks.read(extent.firstBlock() + first, (int) (last - first) + 1)
                .slice(skip, length)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether there are these characters of ASCII, or bytes of ISO 8859-1. */
    static boolean has(ByteBuffer bytes, int at, String text) {
        return bytes.limit() - at >= text.length()
                && latin(bytes, at, text.length()).equals(text);
    }

    /** Bytes as characters of their number. */
    static String latin(ByteBuffer bytes, int at, int length) {
        byte[] copy = new byte[length];
        bytes.get(at, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    /** UTF-8 up to the first zero byte, shown as {@link #shown} says. */
    static String text(ByteBuffer bytes, int at, int length) {
        byte[] copy = new byte[length];
        bytes.get(at, copy);
        int end = 0;
        while (end < length && copy[end] != 0) {
            end++;
        }
        return shown(new String(copy, 0, end, StandardCharsets.UTF_8));
    }

    /** UTF-16 up to the first zero, shown as {@link #shown} says. The buffer is little-endian. */
    static String wideText(ByteBuffer bytes, int at, int units) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < units; i++) {
            char unit = bytes.getChar(at + 2 * i);
            if (unit == 0) {
                break;
            }
            text.append(unit);
        }
        return shown(text.toString());
    }

    /** A text from a disk as it may be printed: without spaces at its end, a replacement character for what is no character to be seen. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(code -> shown.appendCodePoint(isShown(code) ? code : 0xfffd));
        return shown.toString().stripTrailing();
    }

    private static boolean isShown(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
