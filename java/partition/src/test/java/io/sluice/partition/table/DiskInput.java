package io.sluice.partition.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A device in few bytes, any of which mean one: a byte of flags, the number of blocks less one in two, and then pieces: the block in two bytes, counted
 * from the end of the device when negative, the offset in it and the length in two each, and so many bytes. All numbers are little-endian and cut to
 * what can be; what no piece covers is zero.
 *
 * @param blockBytes 512 or 4096
 * @param content all bytes of the device
 */
record DiskInput(int blockBytes, ByteBuffer content) {
    static final int MOST_BLOCKS = 2048;

    private static final int LARGE_BLOCKS = 1;
    /** Give the copies of a GPT the checksums that fit. Without that, a change by chance gets no farther than there. */
    private static final int SEAL = 2;

    private static final int PIECE_HEADER_BYTES = 6;

    static DiskInput of(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        int flags = bytes.hasRemaining() ? bytes.get() : 0;
        int blockCount = 1 + (bytes.remaining() >= 2 ? bytes.getShort() & (MOST_BLOCKS - 1) : 0);
        int blockBytes = (flags & LARGE_BLOCKS) != 0 ? 4096 : 512;
        DiskInput disk = new DiskInput(
                blockBytes, ByteBuffer.allocate(blockCount * blockBytes).order(ByteOrder.LITTLE_ENDIAN));
        while (bytes.remaining() > PIECE_HEADER_BYTES) {
            int block = Math.floorMod(bytes.getShort(), blockCount);
            int at = block * blockBytes + (bytes.getShort() & (blockBytes - 1));
            int length = Math.min(Short.toUnsignedInt(bytes.getShort()), bytes.remaining());
            disk.content.put(at, bytes, bytes.position(), Math.min(length, disk.content.limit() - at));
            bytes.position(bytes.position() + length);
        }
        if ((flags & SEAL) != 0) {
            disk.seal();
        }
        return disk;
    }

    /**
     * The bytes that mean a device.
     *
     * @param sealed whether the checksums of a GPT are made anew, and stay right when a fuzzer changes the bytes
     */
    static byte[] toBytes(Blocks disk, boolean sealed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write((sealed ? SEAL : 0) | (disk.blockBytes() == 4096 ? LARGE_BLOCKS : 0));
        putShort(bytes, (int) disk.blockCount() - 1);
        for (int block = 0; block < disk.blockCount(); block++) {
            byte[] content = disk.read(block, 1).array();
            int named = block < disk.blockCount() / 2 ? block : block - (int) disk.blockCount();
            for (int at = nextUsed(content, 0); at < content.length; ) {
                int end = endOfPiece(content, at);
                putShort(bytes, named);
                putShort(bytes, at);
                putShort(bytes, end - at);
                bytes.write(content, at, end - at);
                at = nextUsed(content, end);
            }
        }
        return bytes.toByteArray();
    }

    private static void putShort(ByteArrayOutputStream bytes, int value) {
        bytes.write(value);
        bytes.write(value >> 8);
    }

    private static int nextUsed(byte[] content, int from) {
        int at = from;
        while (at < content.length && content[at] == 0) {
            at++;
        }
        return at;
    }

    /** A piece goes on over zeroes as long as a new one would take more bytes. */
    private static int endOfPiece(byte[] content, int from) {
        int end = from + 1;
        for (int at = end; at < content.length && at - end <= PIECE_HEADER_BYTES; at++) {
            if (content[at] != 0) {
                end = at + 1;
            }
        }
        return end;
    }

    int blockCount() {
        return content.limit() / blockBytes;
    }

    private void seal() {
        if (blockCount() > GptCopies.PRIMARY_BLOCK) {
            long backup = block((int) GptCopies.PRIMARY_BLOCK).getLong(32);
            seal((int) GptCopies.PRIMARY_BLOCK);
            seal(blockCount() - 1);
            if (backup > GptCopies.PRIMARY_BLOCK && backup < blockCount() - 1) {
                seal((int) backup);
            }
        }
    }

    private void seal(int at) {
        ByteBuffer header = block(at);
        long first = header.getLong(72);
        long bytes = Integer.toUnsignedLong(header.getInt(80)) * header.getInt(84);
        if (GptHeader.isSigned(header) && first >= 0 && first < blockCount() && bytes > 0) {
            int from = (int) first * blockBytes;
            if (bytes <= content.limit() - from) {
                header.putInt(88, GptCopy.crc(content.slice(from, (int) bytes)));
            }
            GptImage.seal(header);
        }
    }

    private ByteBuffer block(int number) {
        return content.slice(number * blockBytes, blockBytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
