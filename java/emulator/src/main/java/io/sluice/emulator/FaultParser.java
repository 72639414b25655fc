package io.sluice.emulator;

import io.sluice.emulator.Fault.CorruptCompletion;
import io.sluice.emulator.Fault.DamageData;
import io.sluice.emulator.Trigger.QueueKind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one {@link Fault}. */
final class FaultParser {
    private static final String KINDS =
            "drop, delay, late, duplicate, corrupt, status, torn, stale, flipped, misdirected, lost-interrupt,"
                    + " ignored-doorbell, refused-abort, lie, scrambled-identify, never-ready, always-ready, fatal,"
                    + " status-all-ones, removed, hung-shutdown";

    private final String text;
    private final String kind;
    private final Map<String, String> values = new LinkedHashMap<>();

    FaultParser(String text) {
        this.text = text;
        String[] parts = text.split(":", -1);
        this.kind = parts[0];
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String key = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            if (values.put(key, equals < 0 ? "" : parts[i].substring(equals + 1)) != null) {
                throw wrong(key + " is given twice");
            }
        }
    }

    Fault fault() {
        try {
            Trigger trigger = trigger();
            Fault fault = fault(trigger);
            if (!values.isEmpty()) {
                throw wrong(kind + " does not depend on '"
                        + values.keySet().iterator().next() + "'");
            }
            return fault;
        } catch (NumberFormatException mistake) {
            throw wrong("a number is none: " + mistake.getMessage());
        }
    }

    private Fault fault(Trigger trigger) {
        return switch (kind) {
            case "drop" -> new Fault.DropCompletion(trigger);
            case "delay" -> new Fault.DelayCompletion(trigger, nanos(required("by")));
            case "late" -> new Fault.AnswerAfterAbort(trigger, nanos(required("by")));
            case "duplicate" -> new Fault.DuplicateCompletion(trigger);
            case "corrupt" -> new CorruptCompletion(trigger, field(required("field")));
            case "status" -> new Fault.FailCommand(trigger, Integer.parseInt(required("code"), 16));
            case "torn" -> new DamageData(trigger, DamageData.Damage.TORN, 0);
            case "stale" -> new DamageData(trigger, DamageData.Damage.STALE, 0);
            case "flipped" -> new DamageData(trigger, DamageData.Damage.FLIPPED, 0);
            case "misdirected" ->
                new DamageData(trigger, DamageData.Damage.MISDIRECTED, Long.parseLong(required("by")));
            case "lost-interrupt" -> new Fault.LoseInterrupt(trigger);
            case "ignored-doorbell" -> new Fault.IgnoreDoorbell(trigger);
            case "refused-abort" -> new Fault.RefuseAbort(trigger);
            case "lie" -> lie(trigger);
            case "scrambled-identify" -> {
                String bytes = values.remove("bytes");
                yield new Fault.ScrambleIdentify(trigger, bytes == null ? 1 : Integer.parseInt(bytes));
            }
            case "never-ready" -> new Fault.NeverReady(trigger);
            case "always-ready" -> new Fault.AlwaysReady(trigger);
            case "fatal" -> new Fault.FailController(trigger, atEnable());
            case "status-all-ones" -> new Fault.StatusAllOnes(trigger);
            case "removed" -> new Fault.Remove(trigger, faulting());
            case "hung-shutdown" -> new Fault.HangShutdown(trigger);
            default -> throw wrong("'" + kind + "' is no kind of fault; there are " + KINDS);
        };
    }

    private Fault lie(Trigger trigger) {
        int structure = Integer.parseInt(required("cns"), 16);
        int offset = Integer.decode(required("offset"));
        String digits = required("value");
        if (digits.length() % 2 != 0 || digits.length() > 16) {
            throw wrong("value=" + digits + ": expected 1 to 8 bytes, two hexadecimal digits each");
        }
        long value = 0;
        // The bytes stand in the text as they stand in the structure.
        for (int i = digits.length() - 2; i >= 0; i -= 2) {
            value = value << 8 | Integer.parseInt(digits.substring(i, i + 2), 16);
        }
        return new Fault.LieInIdentify(trigger, structure, offset, value, digits.length() / 2);
    }

    private boolean faulting() {
        String registers = values.remove("registers");
        if (registers != null && !registers.equals("fault")) {
            throw wrong("registers=" + registers + ": expected registers=fault, or nothing");
        }
        return registers != null;
    }

    private boolean atEnable() {
        String at = values.remove("at");
        if (at != null && !at.equals("enable")) {
            throw wrong("at=" + at + ": expected at=enable, or nothing for a command");
        }
        return at != null;
    }

    private CorruptCompletion.Field field(String name) {
        return switch (name) {
            case "cid" -> CorruptCompletion.Field.COMMAND_ID;
            case "sqid" -> CorruptCompletion.Field.QUEUE_ID;
            case "phase" -> CorruptCompletion.Field.PHASE;
            default -> throw wrong("field=" + name + ": expected cid, sqid or phase");
        };
    }

    private Trigger trigger() {
        Trigger trigger = Trigger.always();
        String queue = values.remove("queue");
        if (queue != null) {
            trigger = trigger.queues(
                    switch (queue) {
                        case "admin" -> QueueKind.ADMIN;
                        case "io" -> QueueKind.IO;
                        case "any" -> QueueKind.ANY;
                        default -> throw wrong("queue=" + queue + ": expected admin, io or any");
                    });
        }
        String operation = values.remove("op");
        if (operation != null) {
            trigger = trigger.opcode(opcode(operation, trigger.queues() == QueueKind.ADMIN));
        }
        String block = values.remove("lba");
        if (block != null) {
            trigger = trigger.block(Long.parseLong(block));
        }
        String after = values.remove("after");
        if (after != null) {
            trigger = trigger.after(Long.parseLong(after));
        }
        String times = values.remove("times");
        if (values.remove("once") != null) {
            trigger = trigger.times(1);
        } else if (times != null) {
            trigger = trigger.times(Long.parseLong(times));
        }
        String chance = values.remove("chance");
        if (chance != null) {
            trigger = trigger.percent(
                    Integer.parseInt(chance.endsWith("%") ? chance.substring(0, chance.length() - 1) : chance));
        }
        return trigger;
    }

    private int opcode(String name, boolean admin) {
        if (name.startsWith("0x")) {
            return Integer.parseInt(name.substring(2), 16);
        }
        Integer opcode = admin ? adminOpcode(name) : ioOpcode(name);
        if (opcode == null) {
            throw wrong("op=" + name + ": expected "
                    + (admin
                            ? "identify, get-log, get-features, set-features, create-sq, create-cq, delete-sq, delete-cq, abort,"
                                    + " async-event, format"
                            : "read, write, flush, compare, verify, write-zeroes, dsm, write-uncorrectable")
                    + " or 0x and two hexadecimal digits");
        }
        return opcode;
    }

    private static @Nullable Integer adminOpcode(String name) {
        return switch (name) {
            case "identify" -> Opcode.IDENTIFY;
            case "get-log" -> Opcode.GET_LOG_PAGE;
            case "get-features" -> Opcode.GET_FEATURES;
            case "set-features" -> Opcode.SET_FEATURES;
            case "create-sq" -> Opcode.CREATE_SUBMISSION_QUEUE;
            case "create-cq" -> Opcode.CREATE_COMPLETION_QUEUE;
            case "delete-sq" -> Opcode.DELETE_SUBMISSION_QUEUE;
            case "delete-cq" -> Opcode.DELETE_COMPLETION_QUEUE;
            case "abort" -> Opcode.ABORT;
            case "async-event" -> Opcode.ASYNC_EVENT_REQUEST;
            case "format" -> Opcode.FORMAT;
            default -> null;
        };
    }

    private static @Nullable Integer ioOpcode(String name) {
        return switch (name) {
            case "read" -> Opcode.READ;
            case "write" -> Opcode.WRITE;
            case "flush" -> Opcode.FLUSH;
            case "compare" -> Opcode.COMPARE;
            case "verify" -> Opcode.VERIFY;
            case "write-zeroes" -> Opcode.WRITE_ZEROES;
            case "dsm" -> Opcode.DATASET_MANAGEMENT;
            case "write-uncorrectable" -> Opcode.WRITE_UNCORRECTABLE;
            default -> null;
        };
    }

    private long nanos(String time) {
        int digits = 0;
        while (digits < time.length() && time.charAt(digits) >= '0' && time.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > 9) {
            throw wrong("'" + time + "' is no time: expected a number with us, ms or s");
        }
        long unit = switch (time.substring(digits)) {
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            default -> throw wrong("'" + time + "' is no time: expected a number with us, ms or s");
        };
        return Long.parseLong(time.substring(0, digits)) * unit;
    }

    private String required(String key) {
        String value = values.remove(key);
        if (value == null || value.isEmpty()) {
            throw wrong(kind + " needs " + key + "=");
        }
        return value;
    }

    private IllegalArgumentException wrong(String reason) {
        return new IllegalArgumentException("fault '" + text + "': " + reason);
    }
}
