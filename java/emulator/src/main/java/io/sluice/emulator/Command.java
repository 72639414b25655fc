package io.sluice.emulator;

import java.nio.ByteBuffer;

/**
 * A command as it was fetched (section 4.2): a copy, since the host may change the entry at any time. One object is used for each command after the
 * other.
 */
final class Command {
    static final int BYTES = 64;

    private long header;
    private long metadata;
    private long pointer1;
    private long pointer2;
    private long dwords10And11;
    private long dwords12And13;
    private long dwords14And15;

    void load(ByteBuffer queue, int at) {
        header = queue.getLong(at);
        metadata = queue.getLong(at + 16);
        pointer1 = queue.getLong(at + 24);
        pointer2 = queue.getLong(at + 32);
        dwords10And11 = queue.getLong(at + 40);
        dwords12And13 = queue.getLong(at + 48);
        dwords14And15 = queue.getLong(at + 56);
    }

    int opcode() {
        return (int) header & 0xff;
    }

    /** FUSE: 0 = a command of its own. */
    int fused() {
        return (int) header >>> 8 & 3;
    }

    /** PSDT: 0 = PRPs, 1 and 2 = SGL. */
    int dataPointerKind() {
        return (int) header >>> 14 & 3;
    }

    int id() {
        return (int) header >>> 16;
    }

    int namespaceId() {
        return (int) (header >>> 32);
    }

    long metadataPointer() {
        return metadata;
    }

    /** PRP1, or the address of the SGL descriptor. */
    long pointer1() {
        return pointer1;
    }

    /** PRP2, or length and type of the SGL descriptor. */
    long pointer2() {
        return pointer2;
    }

    int dword10() {
        return (int) dwords10And11;
    }

    int dword11() {
        return (int) (dwords10And11 >>> 32);
    }

    /** SLBA of commands that name blocks. */
    long dwords10And11() {
        return dwords10And11;
    }

    int dword12() {
        return (int) dwords12And13;
    }

    int dword13() {
        return (int) (dwords12And13 >>> 32);
    }

    long dwords12And13() {
        return dwords12And13;
    }

    int dword14() {
        return (int) dwords14And15;
    }

    int dword15() {
        return (int) (dwords14And15 >>> 32);
    }
}
