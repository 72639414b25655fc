package io.sluice.nvme;

/**
 * An entry of the Error Information log page (section 5.14.1.1), newest first.
 *
 * @param errorCount number of this error over life, from 1
 * @param submissionQueueId queue of the command
 * @param commandId of the command
 * @param status of the command
 * @param parameterLocation byte and bit of the command that was wrong, 0xffff = not said
 * @param block first block concerned
 * @param namespaceId of the command
 */
public record ErrorLogEntry(
        long errorCount,
        int submissionQueueId,
        int commandId,
        Status status,
        int parameterLocation,
        long block,
        int namespaceId) {
    static final int BYTES = 64;

    static ErrorLogEntry decode(byte[] bytes, int offset) {
        DataStructure data = new DataStructure(bytes);
        return new ErrorLogEntry(
                data.u64(offset),
                data.u16(offset + 8),
                data.u16(offset + 10),
                Status.of(data.u16(offset + 12) >>> 1),
                data.u16(offset + 14),
                data.u64(offset + 16),
                (int) data.u32(offset + 24));
    }
}
