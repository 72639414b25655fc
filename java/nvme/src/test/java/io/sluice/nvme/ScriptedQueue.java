package io.sluice.nvme;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A queue pair as a controller sees it: fetches what the doorbell tells of, and posts completions, at once or as a test says, truthfully
 * or not. It moves no data. One thread, which may be the host's.
 */
public final class ScriptedQueue {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int id;
    private final ByteBuffer submissions;
    private final ByteBuffer completions;
    private final ByteBuffer submissionDoorbell;
    private final ByteBuffer completionDoorbell;
    private final int submissionEntries;
    private final int completionEntries;
    private int head;
    private int tail;
    private int phase = 1;

    /**
     * The other end of two rings.
     *
     * @param submissions 64 bytes an entry
     * @param completions 16 bytes an entry
     * @param submissionDoorbell where the host stores the submission queue's tail
     * @param completionDoorbell where the host stores the completion queue's head
     */
    public ScriptedQueue(
            int id,
            ByteBuffer submissions,
            ByteBuffer completions,
            ByteBuffer submissionDoorbell,
            ByteBuffer completionDoorbell) {
        this.id = id;
        this.submissions = submissions;
        this.completions = completions;
        this.submissionDoorbell = submissionDoorbell;
        this.completionDoorbell = completionDoorbell;
        this.submissionEntries = submissions.capacity() / 64;
        this.completionEntries = completions.capacity() / 16;
    }

    /** Completes everything that was submitted, in order and with success; returns how much that was. */
    public int completeAll() {
        int until = (int) INT.getAcquire(submissionDoorbell, 0);
        int from = head;
        int count = until >= from ? until - from : until - from + submissionEntries;
        requireRoom(count);
        int at = tail;
        int tag = phase << 16;
        for (int i = 0; i < count; i++) {
            int commandId = submissions.getInt(from << 6) >>> 16;
            from = from + 1 == submissionEntries ? 0 : from + 1;
            completions.putLong(at << 4, 0);
            // The half that holds the phase goes last, in one store, as a device writes an entry in one transaction.
            LONG.setRelease(completions, (at << 4) + 8, word(id, from, tag | commandId));
            if (++at == completionEntries) {
                at = 0;
                tag ^= 1 << 16;
            }
        }
        head = from;
        tail = at;
        phase = tag >> 16;
        return count;
    }

    /** Fetches what was submitted since the last time and completes none of it. */
    List<SubmissionEntry> fetch() {
        int until = (int) INT.getAcquire(submissionDoorbell, 0);
        List<SubmissionEntry> entries = new ArrayList<>();
        while (head != until) {
            entries.add(SubmissionEntry.read(submissions, head << 6));
            head = head + 1 == submissionEntries ? 0 : head + 1;
        }
        return entries;
    }

    /** Fetches the one command that was submitted since the last time. */
    SubmissionEntry fetchOne() {
        List<SubmissionEntry> entries = fetch();
        if (entries.size() != 1) {
            throw new AssertionError("expected one command, fetched " + entries);
        }
        return entries.get(0);
    }

    /** Completes a command with success. */
    void complete(SubmissionEntry command) {
        post(command.commandId(), 0, 0);
    }

    /** Completes a command with a status (status code type and status code, no phase) and a result. */
    void post(int commandId, int status, int result) {
        post(commandId, id, status, result);
    }

    private static long word(int queueId, int submissionHead, int last) {
        return ((queueId << 16 | submissionHead) & 0xffff_ffffL) | (long) last << 32;
    }

    /** Posts a completion that may be a lie. */
    void post(int commandId, int queueId, int status, int result) {
        requireRoom(1);
        completions.putInt(tail << 4, result);
        completions.putInt((tail << 4) + 4, 0);
        int last = status << 17 | phase << 16 | commandId;
        LONG.setRelease(completions, (tail << 4) + 8, word(queueId, head, last));
        tail = tail + 1 == completionEntries ? 0 : tail + 1;
        if (tail == 0) {
            phase ^= 1;
        }
    }

    /** Writes everything of the next completion but the right phase: the host may not take it yet. */
    void postWithoutPhase(int commandId) {
        completions.putInt((tail << 4) + 8, id << 16 | head);
        INT.setRelease(completions, (tail << 4) + 12, (phase ^ 1) << 16 | commandId);
    }

    /** How many completion entries the host has not given back. */
    int unreleased() {
        int used = tail - (int) INT.getAcquire(completionDoorbell, 0);
        return used < 0 ? used + completionEntries : used;
    }

    int submissionEntries() {
        return submissionEntries;
    }

    int completionEntries() {
        return completionEntries;
    }

    private void requireRoom(int count) {
        if (count > completionEntries - 1 - unreleased()) {
            throw new IllegalStateException(count + " completions do not fit into the completion queue: " + unreleased()
                    + " of " + completionEntries + " entries are taken");
        }
    }
}
