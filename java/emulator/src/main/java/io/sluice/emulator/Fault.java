package io.sluice.emulator;

import java.util.Objects;

/**
 * Something that an {@link EmulatedController} does wrong, so that a driver can show what it makes of it. {@link #parse} reads one from a text.
 *
 * <p>Of several faults that could strike a command the first does, in the order in which they were given. What is random follows from the seed of the controller.
 */
public sealed interface Fault {
    /** When it strikes. */
    Trigger trigger();

    /** The command is done and never answered. */
    record DropCompletion(Trigger trigger) implements Fault {}

    /**
     * The command is done at once and answered later; an Abort finds it before that.
     *
     * @param nanos how much later
     */
    record DelayCompletion(Trigger trigger, long nanos) implements Fault {
        public DelayCompletion {
            requireNanos(nanos);
        }
    }

    /**
     * The command is not answered until the host wants it aborted; the Abort says that it was not, and the answer comes after that.
     *
     * @param nanos how long after
     */
    record AnswerAfterAbort(Trigger trigger, long nanos) implements Fault {
        public AnswerAfterAbort {
            requireNanos(nanos);
        }
    }

    /** The command is answered twice. */
    record DuplicateCompletion(Trigger trigger) implements Fault {}

    /** The answer has a wrong field. */
    record CorruptCompletion(Trigger trigger, Field field) implements Fault {
        /** Which. */
        public enum Field {
            /** A command identifier that no command in flight has. */
            COMMAND_ID,
            /** The identifier of another submission queue. */
            QUEUE_ID,
            /** The phase bit of the round before: the entry stays invisible. */
            PHASE
        }

        public CorruptCompletion {
            Objects.requireNonNull(field);
        }
    }

    /**
     * The command is refused and not done.
     *
     * @param status Status Code Type and Status Code: 281h is Unrecovered Read Error
     */
    record FailCommand(Trigger trigger, int status) implements Fault {
        public FailCommand {
            if (status < 1 || status > 0x7ff) {
                throw new IllegalArgumentException(
                        String.format("status %xh: expected 1h to 7ffh, type and code", status));
            }
        }
    }

    /**
     * A read or a write is reported as done, but its data is not what it should be.
     *
     * @param blocks for {@link Damage#MISDIRECTED}: how far away, in blocks
     */
    record DamageData(Trigger trigger, Damage damage, long blocks) implements Fault {
        /** How. */
        public enum Damage {
            /** Only the first half of the data was moved. */
            TORN,
            /** Nothing was moved: what was there before stays. */
            STALE,
            /** Other blocks were read or written. */
            MISDIRECTED,
            /** One bit is wrong. */
            FLIPPED
        }

        public DamageData {
            Objects.requireNonNull(damage);
        }
    }

    /** An interrupt is not raised. */
    record LoseInterrupt(Trigger trigger) implements Fault {}

    /** A submission doorbell is not heard; the next one of the queue is. */
    record IgnoreDoorbell(Trigger trigger) implements Fault {}

    /** An Abort command is answered with "not aborted". */
    record RefuseAbort(Trigger trigger) implements Fault {}

    /**
     * Identify returns something else.
     *
     * @param structure which data structure (CNS): 0 namespace, 1 controller, 2 list of namespaces …
     * @param offset of what is wrong in it, bytes
     * @param value what stands there instead, little-endian
     * @param bytes how many, 1 to 8
     */
    record LieInIdentify(Trigger trigger, int structure, int offset, long value, int bytes) implements Fault {
        public LieInIdentify {
            if (structure < 0 || structure > 255 || bytes < 1 || bytes > 8 || offset < 0 || offset > 4096 - bytes) {
                throw new IllegalArgumentException(bytes + " bytes at " + offset + " of structure " + structure
                        + ": expected 1 to 8 bytes within 4096, structure 0 to 255");
            }
        }
    }

    /**
     * Identify returns random bytes in random places.
     *
     * @param bytes how many of them are wrong, 1 to 4096
     */
    record ScrambleIdentify(Trigger trigger, int bytes) implements Fault {
        public ScrambleIdentify {
            if (bytes < 1 || bytes > 4096) {
                throw new IllegalArgumentException(bytes + " scrambled bytes: expected 1 to 4096");
            }
        }
    }

    /** CSTS.RDY is never set when the controller is enabled. */
    record NeverReady(Trigger trigger) implements Fault {}

    /** CSTS.RDY is never cleared when the controller is disabled. */
    record AlwaysReady(Trigger trigger) implements Fault {}

    /**
     * The controller fails (CSTS.CFS).
     *
     * @param atEnable when it is enabled, rather than when a command strikes
     */
    record FailController(Trigger trigger, boolean atEnable) implements Fault {}

    /** CSTS reads as all ones from then on. */
    record StatusAllOnes(Trigger trigger) implements Fault {}

    /**
     * The function is pulled: every register reads as all ones, nothing is answered, until another host connects.
     *
     * @param faulting whether accesses to its mapped registers fault from then on, as those of a real function do whose memory decoding is
     *     off: they raise {@link InternalError}. For a host in this process that connects when the fault is there; others
     *     find memory that nobody looks at
     */
    record Remove(Trigger trigger, boolean faulting) implements Fault {}

    /** A shutdown is begun and never completes (CSTS.SHST). */
    record HangShutdown(Trigger trigger) implements Fault {}

    /**
     * Reads a fault: its kind, then what it depends on, with a {@code :} before each:
     *
     * <pre>
     * drop | duplicate | delay:by=TIME | late:by=TIME | corrupt:field=cid|sqid|phase
     * status:code=HEX | torn | stale | flipped | misdirected:by=BLOCKS
     * lost-interrupt | ignored-doorbell | refused-abort
     * lie:cns=N:offset=N:value=HEX | scrambled-identify[:bytes=N]
     * never-ready | always-ready | fatal[:at=enable] | status-all-ones | removed[:registers=fault] | hung-shutdown
     * </pre>
     *
     * and of any of them {@code queue=admin|io|any}, {@code op=read|write|flush|…|0xNN}, {@code lba=N}, {@code after=N}, {@code times=N} or {@code once},
     * {@code chance=N%}. TIME is a number with us, ms or s.
     *
     * @throws IllegalArgumentException when the text is none; the message says what is wrong with it
     */
    static Fault parse(String text) {
        return new FaultParser(text).fault();
    }

    private static void requireNanos(long nanos) {
        if (nanos < 0) {
            throw new IllegalArgumentException(nanos + " ns: expected 0 or more");
        }
    }
}
