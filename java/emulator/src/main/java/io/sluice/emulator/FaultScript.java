package io.sluice.emulator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The faults of a controller: how often each had its occasion, and what is held back because of them. For the controller's thread, but for {@link #add} and {@link
 * #clear} as long as there is none.
 */
final class FaultScript {
    /** A fault and its history. */
    private static final class Armed {
        private final Fault fault;
        private long occasions;
        private long struck;

        Armed(Fault fault) {
            this.fault = fault;
        }
    }

    /** A command that is done and whose completion waits, or is to be spoiled when it is done. */
    private static final class Held {
        private final SubmissionQueue queue;
        private final int command;
        private final Fault fault;
        private boolean done;
        private int status;
        private int result;
        private long due = Long.MAX_VALUE;

        Held(SubmissionQueue queue, int command, Fault fault) {
            this.queue = queue;
            this.command = command;
            this.fault = fault;
        }
    }

    private final List<Armed> armed = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final SplittableRandom random;
    private boolean active;

    FaultScript(long seed) {
        this.random = new SplittableRandom(seed);
    }

    void add(Fault fault) {
        armed.add(new Armed(fault));
        active = true;
    }

    void clear() {
        armed.clear();
        active = !held.isEmpty();
    }

    /** Whether registers of this host are to fault one day. */
    boolean makesRegistersFault() {
        return armed.stream().anyMatch(entry -> entry.fault instanceof Fault.Remove removal && removal.faulting());
    }

    /** Whether there is anything to ask for at all. */
    boolean isActive() {
        return active;
    }

    /** A reset takes away what is held back. */
    void reset() {
        held.clear();
    }

    /** Whether a fault of this type, which strikes no command, strikes now. */
    boolean strikes(Class<? extends Fault> type) {
        return active && occasion(type) != null;
    }

    private @Nullable Fault occasion(Class<? extends Fault> type) {
        for (Armed candidate : armed) {
            if (type.isInstance(candidate.fault) && strikes(candidate)) {
                return candidate.fault;
            }
        }
        return null;
    }

    private boolean strikes(Armed candidate) {
        Trigger trigger = candidate.fault.trigger();
        candidate.occasions++;
        if (candidate.occasions <= trigger.after()
                || candidate.struck >= trigger.times()
                || (trigger.percent() < 100 && random.nextInt(100) >= trigger.percent())) {
            return false;
        }
        candidate.struck++;
        return true;
    }

    /** Whether enabling the controller makes it fail. */
    boolean failsAtEnable() {
        for (Armed candidate : armed) {
            if (candidate.fault instanceof Fault.FailController failure && failure.atEnable() && strikes(candidate)) {
                return true;
            }
        }
        return false;
    }

    /** The fault that strikes a command that was fetched; null when none does. */
    @Nullable
    Fault onCommand(int queue, Command command) {
        for (Armed candidate : armed) {
            if (strikesCommands(candidate.fault)
                    && candidate.fault.trigger().matches(queue, command)
                    && strikes(candidate)) {
                return candidate.fault;
            }
        }
        return null;
    }

    private static boolean strikesCommands(Fault fault) {
        return fault instanceof Fault.DropCompletion
                || fault instanceof Fault.DelayCompletion
                || fault instanceof Fault.AnswerAfterAbort
                || fault instanceof Fault.DuplicateCompletion
                || fault instanceof Fault.CorruptCompletion
                || fault instanceof Fault.FailCommand
                || fault instanceof Fault.DamageData
                || fault instanceof Fault.StatusAllOnes
                || fault instanceof Fault.Remove
                || (fault instanceof Fault.FailController failure && !failure.atEnable());
    }

    /** Has a fault strike the completion of a command that is about to be executed. */
    void hold(SubmissionQueue queue, int command, Fault fault) {
        held.add(new Held(queue, command, fault));
    }

    /**
     * A command is done.
     *
     * @return whether it is not to be answered as it is: it is held back, dropped, or was answered here
     */
    boolean completing(Completions completions, SubmissionQueue queue, int command, int status, int result) {
        for (int i = 0; i < held.size(); i++) {
            Held entry = held.get(i);
            if (entry.queue == queue && entry.command == command && !entry.done) {
                entry.done = true;
                entry.status = status;
                entry.result = result;
                if (spoil(completions, entry)) {
                    held.remove(i);
                }
                return true;
            }
        }
        return false;
    }

    /** False when the completion is to wait. */
    private static boolean spoil(Completions completions, Held entry) {
        SubmissionQueue queue = entry.queue;
        if (entry.fault instanceof Fault.DelayCompletion delay) {
            entry.due = System.nanoTime() + delay.nanos();
            return false;
        }
        if (entry.fault instanceof Fault.AnswerAfterAbort) {
            return false;
        }
        queue.finished();
        if (entry.fault instanceof Fault.DuplicateCompletion) {
            completions.write(queue, entry.command, entry.status, entry.result);
            if (queue.completions().hasRoom()) {
                completions.write(queue, entry.command, entry.status, entry.result);
            }
        } else if (entry.fault instanceof Fault.CorruptCompletion corruption) {
            switch (corruption.field()) {
                case COMMAND_ID ->
                    completions.post(queue, queue.id(), entry.command ^ 0x4000, entry.status, entry.result, false);
                case QUEUE_ID ->
                    completions.post(queue, queue.id() ^ 0x4000, entry.command, entry.status, entry.result, false);
                case PHASE -> completions.post(queue, queue.id(), entry.command, entry.status, entry.result, true);
            }
        }
        return true;
    }

    /** Answers what was held back long enough. */
    void answerDue(Completions completions) {
        if (held.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        for (Iterator<Held> entries = held.iterator(); entries.hasNext(); ) {
            Held entry = entries.next();
            if (entry.done && entry.due != Long.MAX_VALUE && now - entry.due >= 0) {
                entries.remove();
                entry.queue.finished();
                completions.write(entry.queue, entry.command, entry.status, entry.result);
            }
        }
    }

    /** A submission queue is deleted: what is held back for it is answered as aborted. */
    void queueDeleted(Completions completions, SubmissionQueue queue) {
        held.removeIf(entry -> {
            if (entry.queue != queue) {
                return false;
            }
            queue.finished();
            completions.write(queue, entry.command, Status.complete(Status.ABORTED_BY_QUEUE_DELETION), 0);
            return true;
        });
    }

    /** An Abort names a command; whether it was held back and is aborted now. */
    boolean abort(Completions completions, int queue, int command) {
        for (int i = 0; i < held.size(); i++) {
            Held entry = held.get(i);
            if (entry.queue.id() != queue || entry.command != command) {
                continue;
            }
            if (entry.fault instanceof Fault.AnswerAfterAbort late) {
                entry.due = System.nanoTime() + late.nanos();
                return false;
            }
            held.remove(i);
            entry.queue.finished();
            completions.write(entry.queue, entry.command, Status.complete(Status.ABORT_REQUESTED), 0);
            return true;
        }
        return false;
    }

    /** Makes a page that Identify is about to return say something else. */
    void falsify(int structure, ByteBuffer page) {
        for (Armed candidate : armed) {
            if (candidate.fault instanceof Fault.LieInIdentify lie
                    && lie.structure() == structure
                    && strikes(candidate)) {
                for (int i = 0; i < lie.bytes(); i++) {
                    page.put(lie.offset() + i, (byte) (lie.value() >>> (8 * i)));
                }
            } else if (candidate.fault instanceof Fault.ScrambleIdentify scramble && strikes(candidate)) {
                for (int i = 0; i < scramble.bytes(); i++) {
                    // Most of a page is reserved: what is looked at stands in its first part.
                    int at = random.nextInt(random.nextBoolean() ? 1024 : page.capacity());
                    page.put(at, (byte) random.nextInt());
                }
            }
        }
    }

    /** A bit of a transfer to be flipped. */
    long randomBit(long bytes) {
        return random.nextLong(8 * bytes);
    }
}
