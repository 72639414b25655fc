package io.sluice.emulator;

/** Creates and deletes I/O queues (sections 5.3 to 5.6). For the controller's thread alone. */
final class QueueCommands {
    private static final int CONTIGUOUS = 1;
    private static final int INTERRUPTS = 1 << 1;
    /** What CC.IOSQES and CC.IOCQES must say: entries of 64 and 16 bytes. */
    private static final int SUBMISSION_ENTRY_SHIFT = 6;

    private static final int COMPLETION_ENTRY_SHIFT = 4;

    private final Queues queues;
    private final Doorbells doorbells;
    private final GuestMemory memory;
    private final IoCommands ioCommands;
    private final Completions completions;
    private final FaultScript faults;
    private final int maxEntries;
    private final int vectors;

    QueueCommands(
            Queues queues,
            Doorbells doorbells,
            GuestMemory memory,
            IoCommands ioCommands,
            Completions completions,
            FaultScript faults,
            int maxEntries,
            int vectors) {
        this.queues = queues;
        this.doorbells = doorbells;
        this.memory = memory;
        this.ioCommands = ioCommands;
        this.completions = completions;
        this.faults = faults;
        this.maxEntries = maxEntries;
        this.vectors = vectors;
    }

    int createCompletionQueue(Command command, int configuration) {
        int id = command.dword10() & 0xffff;
        int entries = (command.dword10() >>> 16) + 1;
        if (!queues.isIoQueueId(id) || queues.completion(id) != null) {
            return Status.INVALID_QUEUE_ID;
        }
        if (entries < 2 || entries > maxEntries) {
            return Status.INVALID_QUEUE_SIZE;
        }
        if ((command.dword11() & CONTIGUOUS) == 0
                || (configuration >>> 20 & 0xf) != COMPLETION_ENTRY_SHIFT
                || command.dataPointerKind() != 0) {
            return Status.INVALID_FIELD;
        }
        int vector = command.dword11() >>> 16;
        boolean interrupts = (command.dword11() & INTERRUPTS) != 0;
        // Without a single vector there is no interrupt to raise, which the host finds out by itself.
        if (interrupts && vector >= Math.max(vectors, 1)) {
            return Status.INVALID_INTERRUPT_VECTOR;
        }
        if (!pageAligned(command, configuration)) {
            return Status.PRP_OFFSET_INVALID;
        }
        CompletionQueue queue =
                new CompletionQueue(id, entries, command.pointer1(), interrupts && vectors > 0 ? vector : -1);
        if (!queue.locate(memory.map())) {
            return Status.DATA_TRANSFER_ERROR;
        }
        doorbells.clearCompletion(id);
        queues.add(queue);
        return Status.SUCCESS;
    }

    int createSubmissionQueue(Command command, int configuration) {
        int id = command.dword10() & 0xffff;
        int entries = (command.dword10() >>> 16) + 1;
        if (!queues.isIoQueueId(id) || queues.submission(id) != null) {
            return Status.INVALID_QUEUE_ID;
        }
        int completionId = command.dword11() >>> 16;
        CompletionQueue answers = queues.completion(completionId);
        if (completionId == 0 || answers == null) {
            return queues.isIoQueueId(completionId) ? Status.COMPLETION_QUEUE_INVALID : Status.INVALID_QUEUE_ID;
        }
        if (entries < 2 || entries > maxEntries) {
            return Status.INVALID_QUEUE_SIZE;
        }
        if ((command.dword11() & CONTIGUOUS) == 0
                || (configuration >>> 16 & 0xf) != SUBMISSION_ENTRY_SHIFT
                || command.dataPointerKind() != 0) {
            return Status.INVALID_FIELD;
        }
        if (!pageAligned(command, configuration)) {
            return Status.PRP_OFFSET_INVALID;
        }
        int priority = command.dword11() >>> 1 & 3;
        SubmissionQueue queue = new SubmissionQueue(id, entries, command.pointer1(), answers, priority);
        if (!queue.locate(memory.map())) {
            return Status.DATA_TRANSFER_ERROR;
        }
        doorbells.clearSubmission(id);
        queues.add(queue);
        return Status.SUCCESS;
    }

    private static boolean pageAligned(Command command, int configuration) {
        int pageShift = 12 + (configuration >>> 7 & 0xf);
        return (command.pointer1() & (1L << pageShift) - 1) == 0;
    }

    int deleteCompletionQueue(Command command) {
        int id = command.dword10() & 0xffff;
        CompletionQueue queue = queues.completion(id);
        if (id == 0 || queue == null) {
            return Status.INVALID_QUEUE_ID;
        }
        if (queue.users() > 0) {
            return Status.INVALID_QUEUE_DELETION;
        }
        queues.remove(queue);
        doorbells.clearCompletion(id);
        return Status.SUCCESS;
    }

    int deleteSubmissionQueue(Command command) {
        int id = command.dword10() & 0xffff;
        SubmissionQueue queue = queues.submission(id);
        if (id == 0 || queue == null) {
            return Status.INVALID_QUEUE_ID;
        }
        // What was fetched is completed before; what was not is as if it had never been submitted.
        ioCommands.backing().drain();
        faults.queueDeleted(completions, queue);
        queues.remove(queue);
        doorbells.clearSubmission(id);
        return Status.SUCCESS;
    }
}
