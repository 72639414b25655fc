package io.sluice.nvme;

import java.nio.ByteBuffer;

/**
 * A submission queue entry as the controller fetched it (section 4.2).
 *
 * @param opcode OPC
 * @param flags FUSE and PSDT, bits 15:8 of doubleword 0
 * @param commandId CID
 * @param namespaceId NSID
 * @param pointer1 PRP1, or the address of an SGL descriptor
 * @param pointer2 PRP2, or length and type of an SGL descriptor
 */
public record SubmissionEntry(
        int opcode,
        int flags,
        int commandId,
        int namespaceId,
        long pointer1,
        long pointer2,
        int dword10,
        int dword11,
        int dword12,
        int dword13,
        int dword14,
        int dword15) {
    static SubmissionEntry read(ByteBuffer queue, int at) {
        int first = queue.getInt(at);
        return new SubmissionEntry(
                first & 0xff,
                first >>> 8 & 0xff,
                first >>> 16,
                queue.getInt(at + 4),
                queue.getLong(at + 24),
                queue.getLong(at + 32),
                queue.getInt(at + 40),
                queue.getInt(at + 44),
                queue.getInt(at + 48),
                queue.getInt(at + 52),
                queue.getInt(at + 56),
                queue.getInt(at + 60));
    }

    /** SLBA of the commands that have one. */
    long firstBlock() {
        return (dword10 & 0xffff_ffffL) | (long) dword11 << 32;
    }

    /** NLB as the number that it means. */
    int blocks() {
        return (dword12 & 0xffff) + 1;
    }
}
