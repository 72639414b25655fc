package io.sluice.nvme;

import io.sluice.block.Priority;

/**
 * An admin command (section 5) without its data.
 *
 * @param name for messages, as the specification calls it
 * @param opcode OPC
 * @param namespaceId NSID
 */
record AdminCommand(
        String name, int opcode, int namespaceId, int dword10, int dword11, long dword12and13, long dwords14and15) {
    static final int ALL_NAMESPACES = -1;

    static AdminCommand deleteSubmissionQueue(int id) {
        return new AdminCommand("Delete I/O Submission Queue " + id, 0x00, 0, id, 0, 0, 0);
    }

    static AdminCommand createSubmissionQueue(int id, int entries, Priority priority) {
        int urgency = switch (priority) {
            case URGENT -> 0;
            case HIGH -> 1;
            case MEDIUM -> 2;
            case LOW -> 3;
        };
        // Dword 11: the completion queue has the same number; bits 2:1: priority; bit 0: contiguous.
        return new AdminCommand(
                "Create I/O Submission Queue " + id,
                0x01,
                0,
                ((entries - 1) << 16) | id,
                (id << 16) | (urgency << 1) | 1,
                0,
                0);
    }

    static AdminCommand getLogPage(int page, int namespaceId, long offset, int bytes) {
        int dwords = bytes / 4 - 1;
        return new AdminCommand(
                String.format("Get Log Page %02xh", page),
                0x02,
                namespaceId,
                ((dwords & 0xffff) << 16) | page,
                dwords >>> 16,
                offset,
                0);
    }

    static AdminCommand deleteCompletionQueue(int id) {
        return new AdminCommand("Delete I/O Completion Queue " + id, 0x04, 0, id, 0, 0, 0);
    }

    static AdminCommand createCompletionQueue(int id, int entries, int vector) {
        // Bit 0: contiguous; bit 1: interrupts. Without a vector the queue is polled.
        int interrupt = vector < 0 ? 0 : (vector << 16) | 2;
        return new AdminCommand(
                "Create I/O Completion Queue " + id, 0x05, 0, ((entries - 1) << 16) | id, interrupt | 1, 0, 0);
    }

    static AdminCommand identify(int structure, int namespaceId) {
        return new AdminCommand(String.format("Identify %02xh", structure), 0x06, namespaceId, structure, 0, 0, 0);
    }

    static AdminCommand setFeature(int feature, int value, boolean save) {
        return new AdminCommand(
                String.format("Set Features %02xh", feature), 0x09, 0, feature | (save ? 1 << 31 : 0), value, 0, 0);
    }

    /**
     * Get Features (section 5.13).
     *
     * @param select which of its values: 0 the present one
     */
    static AdminCommand getFeature(int feature, int select) {
        return new AdminCommand(String.format("Get Features %02xh", feature), 0x0a, 0, feature | select << 8, 0, 0, 0);
    }

    /** Its two pages are those of the shadow doorbells and of the event indexes. */
    static AdminCommand doorbellBufferConfig() {
        return new AdminCommand("Doorbell Buffer Config", 0x7c, 0, 0, 0, 0, 0);
    }

    /**
     * Set Features, Host Memory Buffer (section 5.21.1.13).
     *
     * @param pages how many pages are lent
     * @param list address of the descriptors of its chunks
     */
    static AdminCommand lendHostMemory(long pages, long list, int chunks) {
        return new AdminCommand(
                "Set Features 0dh (lend host memory)",
                0x09,
                0,
                Feature.HOST_MEMORY_BUFFER.id(),
                1,
                pages | list << 32,
                list >>> 32 | (long) chunks << 32);
    }

    static AdminCommand takeHostMemoryBack() {
        return new AdminCommand(
                "Set Features 0dh (take host memory back)", 0x09, 0, Feature.HOST_MEMORY_BUFFER.id(), 0, 0, 0);
    }

    static AdminCommand asyncEventRequest() {
        return new AdminCommand("Asynchronous Event Request", 0x0c, 0, 0, 0, 0, 0);
    }
}
