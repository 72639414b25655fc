package io.sluice.emulator;

import org.jspecify.annotations.Nullable;

/**
 * Commands whose operations are on their way to a device: for each, what its completion needs, and how many operations are left. A command's
 * number here is the tag of its operations.
 */
final class Flight {
    static final int MOST = 4096;

    private final @Nullable SubmissionQueue[] queues = new SubmissionQueue[MOST];
    private final int[] commands = new int[MOST];
    private final int[] namespaces = new int[MOST];
    private final long[] blocks = new long[MOST];
    private final int[] left = new int[MOST];
    private final int[] status = new int[MOST];
    private final int[] free = new int[MOST];
    private int freeCount = MOST;

    Flight() {
        for (int i = 0; i < MOST; i++) {
            free[i] = MOST - 1 - i;
        }
    }

    boolean isFull() {
        return freeCount == 0;
    }

    int count() {
        return MOST - freeCount;
    }

    /** Takes a number for a command. It stays in flight until it has been {@link #land landed} once more than it was {@link #launch launched}. */
    int start(SubmissionQueue queue, Command command) {
        int number = free[--freeCount];
        queues[number] = queue;
        commands[number] = command.id();
        namespaces[number] = command.namespaceId();
        blocks[number] = command.dwords10And11();
        left[number] = 1;
        status[number] = Status.SUCCESS;
        return number;
    }

    /** One more operation is under way. */
    void launch(int number) {
        left[number]++;
    }

    /** One is done; true when it was the last: then the command is to be completed, and the number given back. */
    boolean land(int number) {
        return --left[number] == 0;
    }

    /** One failed: the first failure is the command's. */
    void fail(int number, int reason) {
        if (status[number] == Status.SUCCESS) {
            status[number] = reason;
        }
    }

    SubmissionQueue queue(int number) {
        SubmissionQueue queue = queues[number];
        if (queue == null) {
            throw new IllegalStateException("command " + number + " is not in flight");
        }
        return queue;
    }

    int command(int number) {
        return commands[number];
    }

    int namespace(int number) {
        return namespaces[number];
    }

    long block(int number) {
        return blocks[number];
    }

    int status(int number) {
        return status[number];
    }

    void free(int number) {
        queues[number] = null;
        free[freeCount++] = number;
    }
}
