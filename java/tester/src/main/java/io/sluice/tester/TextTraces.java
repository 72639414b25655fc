package io.sluice.tester;

import io.sluice.block.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the traces that are text: ours, and fio's iologs of version 2 and 3. */
final class TextTraces {
    private static final String OURS = "sluice trace 1";
    private static final String FIO_2 = "fio version 2 iolog";
    private static final String FIO_3 = "fio version 3 iolog";
    private static final long NANOS_PER_MICRO = 1000;

    private final String name;
    private final Trace.Builder trace;
    private int line;
    /** Of version 2, whose waits add up. */
    private long waitedNanos;

    TextTraces(String name) {
        this.name = name;
        trace = new Trace.Builder(name);
    }

    Trace read(Path path) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
            String first = reader.readLine();
            line = 1;
            String format = first == null ? "" : first.strip();
            if (!format.equals(OURS) && !format.equals(FIO_2) && !format.equals(FIO_3)) {
                throw wrong("expected '" + OURS + "', '" + FIO_2 + "', '" + FIO_3 + "' or a file of blktrace");
            }
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line++;
                String[] words = text.strip().split("\\s+");
                if (words[0].isEmpty() || words[0].startsWith("#")) {
                    continue;
                }
                switch (format) {
                    case OURS -> ours(words);
                    case FIO_2 -> version2(words);
                    default -> version3(words);
                }
            }
        }
        return trace.build();
    }

    private void ours(String[] words) throws TesterException {
        if (words.length < 2) {
            throw wrong("expected MICROSECONDS OPERATION POSITION LENGTH");
        }
        long nanos = micros(words[0]);
        Operation operation = operation(words[1]);
        if (operation == null) {
            throw wrong("'" + words[1] + "' is no operation: expected read, write, trim, zeroes or sync");
        }
        add(nanos, operation, words, 2);
    }

    // FILE add|open|close, FILE wait MICROSECONDS, FILE read|write|sync|datasync|trim POSITION LENGTH
    private void version2(String[] words) throws TesterException {
        if (words.length < 2) {
            throw wrong("expected FILE ACTION");
        }
        if (words[1].equals("wait")) {
            if (words.length < 3) {
                throw wrong("a wait has a time");
            }
            waitedNanos = Math.addExact(waitedNanos, micros(words[2]));
        } else {
            action(waitedNanos, words, 1);
        }
    }

    // The same with the time since the start in front, which fio 3.33 writes in microseconds.
    private void version3(String[] words) throws TesterException {
        if (words.length < 3) {
            throw wrong("expected TIME FILE ACTION");
        }
        action(micros(words[0]), words, 2);
    }

    private void action(long nanos, String[] words, int at) throws TesterException {
        switch (words[at]) {
            case "add", "open", "close" -> {}
            default -> {
                Operation operation = operation(words[at]);
                if (operation == null) {
                    throw wrong("'" + words[at] + "' is no action of an iolog");
                }
                add(nanos, operation, words, at + 1);
            }
        }
    }

    private void add(long nanos, Operation operation, String[] words, int at) throws TesterException {
        if (operation == Operation.SYNC) {
            trace.add(nanos, operation, 0, 0);
            return;
        }
        if (words.length < at + 2) {
            throw wrong("a " + words[at - 1] + " has a position and a length");
        }
        try {
            trace.add(nanos, operation, number(words[at]), number(words[at + 1]));
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private static @Nullable Operation operation(String word) {
        return switch (word) {
            case "read" -> Operation.READ;
            case "write" -> Operation.WRITE;
            case "trim" -> Operation.TRIM;
            case "zeroes" -> Operation.WRITE_ZEROES;
            case "sync", "datasync" -> Operation.SYNC;
            default -> null;
        };
    }

    private long micros(String text) throws TesterException {
        long number = number(text);
        if (number > Long.MAX_VALUE / NANOS_PER_MICRO / 2) {
            throw wrong("a time of " + text + " microseconds");
        }
        return number * NANOS_PER_MICRO;
    }

    private long number(String text) throws TesterException {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw wrong("'" + text + "' is no number from 0 to 2^63-1");
    }

    private TesterException wrong(String reason) {
        return new TesterException(name + ":" + line + ": " + reason);
    }
}
