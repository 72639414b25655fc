package io.sluice.emulator;

import io.sluice.pci.DmaMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The queues that exist, by their identifiers. For the controller's thread alone. */
final class Queues {
    private final @Nullable SubmissionQueue[] submissions;
    private final @Nullable CompletionQueue[] completions;
    private List<CompletionQueue> activeCompletions = new ArrayList<>();
    private List<SubmissionQueue> activeSubmissions = new ArrayList<>();

    /** None, up to this many pairs beside the admin queues. */
    Queues(int ioQueuePairs) {
        submissions = new SubmissionQueue[ioQueuePairs + 1];
        completions = new CompletionQueue[ioQueuePairs + 1];
    }

    @Nullable
    SubmissionQueue submission(int id) {
        return id >= 0 && id < submissions.length ? submissions[id] : null;
    }

    @Nullable
    CompletionQueue completion(int id) {
        return id >= 0 && id < completions.length ? completions[id] : null;
    }

    /** Whether an I/O queue can have this identifier. */
    boolean isIoQueueId(int id) {
        return id >= 1 && id < submissions.length;
    }

    void add(CompletionQueue queue) {
        completions[queue.id()] = queue;
        renew();
    }

    void add(SubmissionQueue queue) {
        submissions[queue.id()] = queue;
        queue.completions().users(1);
        renew();
    }

    void remove(CompletionQueue queue) {
        completions[queue.id()] = null;
        renew();
    }

    void remove(SubmissionQueue queue) {
        submissions[queue.id()] = null;
        queue.completions().users(-1);
        renew();
    }

    void clear() {
        for (int id = 0; id < submissions.length; id++) {
            submissions[id] = null;
            completions[id] = null;
        }
        renew();
    }

    private void renew() {
        // New lists, so that a loop over the former ones is not disturbed.
        activeSubmissions = new ArrayList<>();
        activeCompletions = new ArrayList<>();
        for (int id = 0; id < submissions.length; id++) {
            SubmissionQueue submission = submissions[id];
            if (submission != null && id > 0) {
                activeSubmissions.add(submission);
            }
            CompletionQueue completion = completions[id];
            if (completion != null) {
                activeCompletions.add(completion);
            }
        }
    }

    /** The I/O submission queues, by identifier. */
    List<SubmissionQueue> ioSubmissions() {
        return activeSubmissions;
    }

    /** The completion queues, the admin queue included. */
    List<CompletionQueue> completions() {
        return activeCompletions;
    }

    boolean anyIoQueues() {
        return !activeSubmissions.isEmpty() || activeCompletions.size() > 1;
    }

    /** Finds the memory of each queue again. What is not there any more is missed when the queue is used next. */
    void locate(DmaMap map) {
        for (CompletionQueue queue : activeCompletions) {
            boolean ignored = queue.locate(map);
        }
        for (SubmissionQueue queue : submissions) {
            if (queue != null) {
                boolean ignored = queue.locate(map);
            }
        }
    }
}
