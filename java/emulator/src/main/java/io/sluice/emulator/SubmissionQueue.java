package io.sluice.emulator;

import io.sluice.pci.DmaMap;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A submission queue (section 4.1) as the controller sees it. */
final class SubmissionQueue {
    /** Priorities of weighted round robin arbitration (QPRIO, section 5.4). */
    static final int URGENT = 0;

    static final int LOW = 3;

    private final int id;
    private final int entries;
    private final long address;
    private final CompletionQueue completions;
    private final int priority;
    private int head;
    private int tail;
    private int refusedTail = -1;
    private int ignoredTail = -1;
    private int inFlight;
    private @Nullable ByteBuffer memory;
    private int base;

    SubmissionQueue(int id, int entries, long address, CompletionQueue completions, int priority) {
        this.id = id;
        this.entries = entries;
        this.address = address;
        this.completions = completions;
        this.priority = priority;
    }

    /** Finds the queue's memory; false when it is not there, or not in one piece. */
    boolean locate(DmaMap map) {
        int piece = map.find(address);
        if (piece < 0 || map.available(piece, address) < entries * Command.BYTES) {
            memory = null;
            return false;
        }
        memory = map.memory(piece);
        base = map.position(piece, address);
        return true;
    }

    void forget() {
        memory = null;
    }

    int id() {
        return id;
    }

    int entries() {
        return entries;
    }

    CompletionQueue completions() {
        return completions;
    }

    int priority() {
        return priority;
    }

    int head() {
        return head;
    }

    int tail() {
        return tail;
    }

    /** Takes over what the host's doorbell says; false when the queue has no such entry. */
    boolean tail(int value) {
        if (value >= entries) {
            return false;
        }
        tail = value;
        return true;
    }

    /** Whether a tail that the queue has not is refused for the first time. */
    boolean refuse(int value) {
        boolean first = value != refusedTail;
        refusedTail = value;
        return first;
    }

    /** The host rang with a value that was refused before, once more. */
    void forgetRefused() {
        refusedTail = -1;
    }

    /** A tail that is taken as not rung; -1 = none. */
    int ignoredTail() {
        return ignoredTail;
    }

    void ignoreTail(int value) {
        ignoredTail = value;
    }

    boolean isEmpty() {
        return head == tail;
    }

    /** Fetches the next command; false when the queue's memory was taken away. */
    boolean fetch(Command command) {
        ByteBuffer entry = memory;
        if (entry == null) {
            return false;
        }
        command.load(entry, base + head * Command.BYTES);
        head = head + 1 == entries ? 0 : head + 1;
        return true;
    }

    /** Commands that were fetched and not completed. */
    int inFlight() {
        return inFlight;
    }

    void started() {
        inFlight++;
        completions.reserve();
    }

    void finished() {
        inFlight--;
        completions.release();
    }
}
