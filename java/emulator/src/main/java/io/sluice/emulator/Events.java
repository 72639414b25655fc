package io.sluice.emulator;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous events (section 5.2): keeps the host's requests and the events that it was not told of yet, one of each type; after one was told, its type is silent until
 * the log page that tells more was read. For the controller's thread alone.
 */
final class Events {
    /** How many requests may wait (AERL + 1). */
    static final int MOST_REQUESTS = 4;

    static final int ERROR = 0;
    static final int HEALTH = 1;
    static final int NOTICE = 2;

    static final int INVALID_DOORBELL = 0;
    static final int INVALID_DOORBELL_VALUE = 1;
    static final int NAMESPACE_CHANGED = 0;

    private static final int TYPES = 3;
    private static final int NONE = -1;
    private static final int[] LOG_PAGES = {LogPages.ERRORS, LogPages.HEALTH, LogPages.CHANGED_NAMESPACES};

    private final Completions completions;
    private final Deque<Integer> requests = new ArrayDeque<>();
    private final int[] pending = {NONE, NONE, NONE};
    private final boolean[] silent = new boolean[TYPES];
    private @Nullable SubmissionQueue queue;

    Events(Completions completions) {
        this.completions = completions;
    }

    /** Keeps a request, which completes when there is an event to tell; returns a status. */
    int request(SubmissionQueue from, Command command) {
        if (requests.size() == MOST_REQUESTS) {
            return Status.EVENT_REQUEST_LIMIT;
        }
        queue = from;
        requests.add(command.id());
        // It takes no room in the completion queue while it waits: otherwise a small queue would have none for other
        // commands.
        from.finished();
        return IoCommands.STARTED;
    }

    /** Something happened. */
    void raise(int type, int information) {
        if (pending[type] == NONE && !silent[type]) {
            pending[type] = type | information << 8 | LOG_PAGES[type] << 16;
        }
    }

    /** The host read a log page and asked that its events be told again. */
    void logRead(int page) {
        for (int type = 0; type < TYPES; type++) {
            if (LOG_PAGES[type] == page) {
                silent[type] = false;
            }
        }
    }

    /** Tells what there is to tell and somebody asked for. */
    void flush() {
        if (queue == null || requests.isEmpty()) {
            return;
        }
        for (int type = 0; type < TYPES; type++) {
            if (pending[type] != NONE
                    && !requests.isEmpty()
                    && queue.completions().hasRoom()) {
                completions.write(queue, requests.remove(), Status.SUCCESS, pending[type]);
                pending[type] = NONE;
                silent[type] = true;
            }
        }
    }

    /** Gives a request back that the host aborts; whether there was one. */
    boolean abort(int command) {
        if (queue == null || !queue.completions().hasRoom() || !requests.removeFirstOccurrence(command)) {
            return false;
        }
        completions.write(queue, command, Status.complete(Status.ABORT_REQUESTED), 0);
        return true;
    }

    void reset() {
        requests.clear();
        queue = null;
        for (int type = 0; type < TYPES; type++) {
            pending[type] = NONE;
            silent[type] = false;
        }
    }
}
