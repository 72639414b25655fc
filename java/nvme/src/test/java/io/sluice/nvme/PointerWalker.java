package io.sluice.nvme;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Follows the data pointer of a command as a controller does (sections 4.3 and 4.4), and believes nothing. */
final class PointerWalker {
    private final ScriptedController device;
    private final long pageBytes;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private long missing;
    private int lists;

    PointerWalker(ScriptedController device, int pageBytes) {
        this.device = device;
        this.pageBytes = pageBytes;
    }

    /** The bytes that a command names. */
    byte[] read(SubmissionEntry command, int bytes) {
        data.reset();
        lists = 0;
        missing = bytes;
        switch (command.flags() >> 6) {
            case 0 -> pages(command.pointer1(), command.pointer2());
            case 1 -> descriptor(command.pointer1(), command.pointer2());
            default -> throw new AssertionError("PSDT of " + command);
        }
        if (missing != 0) {
            throw new AssertionError(missing + " bytes are not described by " + command);
        }
        return data.toByteArray();
    }

    /** How many pages of lists there were. */
    int lists() {
        return lists;
    }

    private void take(long address, long bytes) {
        byte[] part = new byte[(int) bytes];
        device.memory(address, (int) bytes).get(part);
        data.writeBytes(part);
        missing -= bytes;
    }

    private void pages(long first, long second) {
        if ((first & 3) != 0) {
            throw new AssertionError("PRP1 is 0x" + Long.toHexString(first));
        }
        take(first, Math.min(missing, pageBytes - (first & (pageBytes - 1))));
        if (missing == 0) {
            if (second != 0) {
                throw new AssertionError("PRP2 is 0x" + Long.toHexString(second) + " where nothing is left");
            }
        } else if (missing <= pageBytes) {
            page(second);
        } else {
            list(second);
        }
    }

    private void page(long address) {
        if ((address & (pageBytes - 1)) != 0) {
            throw new AssertionError("an entry is 0x" + Long.toHexString(address) + ", which is no page");
        }
        take(address, Math.min(missing, pageBytes));
    }

    private void list(long start) {
        lists++;
        long at = start;
        while (missing > 0) {
            long entry = device.memory(at, 8).getLong(0);
            boolean last = (at & (pageBytes - 1)) == pageBytes - 8;
            if (last && missing > pageBytes) {
                lists++;
                at = entry;
            } else {
                page(entry);
                at += 8;
            }
        }
    }

    private void descriptor(long address, long rest) {
        long length = rest & 0xffff_ffffL;
        switch ((int) (rest >>> 56)) {
            case 0x00 -> take(address, length);
            case 0x20 -> segment(address, length, false);
            case 0x30 -> segment(address, length, true);
            default -> throw new AssertionError("descriptor 0x" + Long.toHexString(rest));
        }
    }

    private void segment(long address, long length, boolean last) {
        lists++;
        if (length == 0 || length % 16 != 0) {
            throw new AssertionError("a segment of " + length + " bytes");
        }
        ByteBuffer descriptors = device.memory(address, (int) length);
        for (int at = 0; at < length; at += 16) {
            long rest = descriptors.getLong(at + 8);
            boolean pointer = rest >>> 56 != 0;
            if (pointer != (!last && at == length - 16)) {
                throw new AssertionError("descriptor " + at / 16 + " of " + length / 16 + " is 0x"
                        + Long.toHexString(rest) + (last ? " in the last segment" : ""));
            }
            descriptor(descriptors.getLong(at), rest);
        }
    }
}
