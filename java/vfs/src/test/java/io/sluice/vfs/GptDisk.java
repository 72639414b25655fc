package io.sluice.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32;

/** Writes a GUID partition table (UEFI specification 2.10, section 5.3) through a channel, as a program would: 128 entries, both copies. */
final class GptDisk {
    static final UUID LINUX = UUID.fromString("0FC63DAF-8483-4772-8E79-3D69D8477DE4");

    private static final int ENTRIES = 128;
    private static final int ENTRY_BYTES = 128;
    private static final int HEADER_BYTES = 92;

    private final int blockBytes;
    private final ByteBuffer entries =
            ByteBuffer.allocate(ENTRIES * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    GptDisk(int blockBytes) {
        this.blockBytes = blockBytes;
    }

    GptDisk partition(int number, long first, long last, String name) {
        int at = (number - 1) * ENTRY_BYTES;
        putGuid(entries, at, LINUX);
        putGuid(entries, at + 16, new UUID(number, number));
        entries.putLong(at + 32, first).putLong(at + 40, last);
        entries.put(at + 56, name.getBytes(StandardCharsets.UTF_16LE));
        return this;
    }

    private static void putGuid(ByteBuffer bytes, int at, UUID guid) {
        long high = guid.getMostSignificantBits();
        bytes.putInt(at, (int) (high >>> 32))
                .putShort(at + 4, (short) (high >>> 16))
                .putShort(at + 6, (short) high);
        bytes.putLong(at + 8, Long.reverseBytes(guid.getLeastSignificantBits()));
    }

    void write(Path disk) throws IOException {
        try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            long blocks = channel.size() / blockBytes;
            long backup = blocks - 1 - entries.capacity() / blockBytes;
            put(channel, protective(blocks), 0);
            put(channel, header(1, blocks - 1, 2, backup), 1);
            put(channel, entries.duplicate(), 2);
            put(channel, entries.duplicate(), backup);
            put(channel, header(blocks - 1, 1, backup, backup), blocks - 1);
            channel.force(true);
        }
    }

    private void put(FileChannel channel, ByteBuffer bytes, long block) throws IOException {
        int ignored = channel.write(bytes, block * blockBytes);
    }

    private ByteBuffer protective(long blocks) {
        ByteBuffer sector = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        sector.put(447, new byte[] {0, 2, 0, (byte) 0xee, (byte) 0xff, (byte) 0xff, (byte) 0xff});
        return sector.putInt(454, 1)
                .putInt(458, (int) Math.min(blocks - 1, 0xffff_ffffL))
                .putShort(510, (short) 0xaa55);
    }

    private ByteBuffer header(long here, long other, long array, long backup) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put("EFI PART".getBytes(StandardCharsets.US_ASCII))
                .putInt(0x10000)
                .putInt(HEADER_BYTES);
        header.putInt(0).putInt(0).putLong(here).putLong(other);
        header.putLong(2L + entries.capacity() / blockBytes).putLong(backup - 1);
        putGuid(header, 56, new UUID(7, 7));
        header.putLong(72, array).putInt(80, ENTRIES).putInt(84, ENTRY_BYTES).putInt(88, crc(entries.array()));
        return header.putInt(16, crc(header.array())).clear();
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
