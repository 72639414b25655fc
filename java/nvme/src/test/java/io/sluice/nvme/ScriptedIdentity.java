package io.sluice.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Identify data structures (section 5.15.2) of a controller without fault, for tests to change. */
final class ScriptedIdentity {
    private ScriptedIdentity() {}

    static ByteBuffer controller() {
        ByteBuffer data = structure();
        data.putShort(0, (short) 0x1b36);
        data.putShort(2, (short) 0x1af4);
        text(data, 4, 20, "SERIAL-1");
        text(data, 24, 40, "Scripted controller");
        text(data, 64, 8, "1.0");
        data.put(77, (byte) 5);
        data.putShort(78, (short) 7);
        data.putInt(80, 0x1_0400);
        data.putInt(92, 0x300);
        data.putShort(256, (short) 0x0a);
        data.put(258, (byte) 3);
        data.put(259, (byte) 3);
        data.put(261, (byte) 4);
        data.put(262, (byte) 63);
        data.putShort(266, (short) 343);
        data.putShort(268, (short) 373);
        data.put(512, (byte) 0x66);
        data.put(513, (byte) 0x44);
        data.putInt(516, 16);
        data.putShort(520, (short) 0x0c);
        data.put(525, (byte) 1);
        text(data, 768, 256, "nqn.2026-01.io.sluice:scripted");
        return data;
    }

    /** A namespace without metadata. */
    static ByteBuffer namespace(long blocks, int blockShift) {
        ByteBuffer data = structure();
        data.putLong(0, blocks);
        data.putLong(8, blocks);
        data.putLong(16, blocks);
        data.putInt(128, blockShift << 16);
        return data;
    }

    static void text(ByteBuffer data, int offset, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < length; i++) {
            data.put(offset + i, i < bytes.length ? bytes[i] : (byte) ' ');
        }
    }

    private static ByteBuffer structure() {
        return ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    }
}
