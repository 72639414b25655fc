package io.sluice.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What dd was asked to do (POSIX dd, with the operands of GNU dd 9).
 *
 * @param input file or DEVICE; null = standard input
 * @param output file or DEVICE; null = standard output
 * @param inputBytes bytes of an input record (ibs)
 * @param outputBytes bytes of an output record (obs)
 * @param regroup whether input records are gathered into output records: without bs=
 * @param count how much to copy; null = up to the end
 */
record DdOperands(
        @Nullable String input,
        @Nullable String output,
        long inputBytes,
        long outputBytes,
        boolean regroup,
        @Nullable Amount count,
        Amount skip,
        Amount seek,
        Set<Conversion> conversions,
        Set<Flag> inputFlags,
        Set<Flag> outputFlags,
        Status status) {

    /** A number of records, or of bytes where it was written with a B or a flag says so. */
    record Amount(long number, boolean isBytes) {
        static final Amount NONE = new Amount(0, false);

        /** In bytes; {@link Long#MAX_VALUE} when that is more than there can be. */
        long bytes(long recordBytes) {
            return isBytes ? number : number > Long.MAX_VALUE / recordBytes ? Long.MAX_VALUE : number * recordBytes;
        }
    }

    /** What conv= can say. Nothing here changes data; the conversions of text that dd has are other tools' work. */
    enum Conversion {
        NOTRUNC,
        FSYNC,
        FDATASYNC,
        SYNC,
        NOERROR,
        NOCREAT,
        EXCL
    }

    /** What iflag= and oflag= can say. */
    enum Flag {
        DIRECT,
        SYNC,
        DSYNC,
        FULLBLOCK,
        APPEND,
        COUNT_BYTES,
        SKIP_BYTES,
        SEEK_BYTES
    }

    /** What status= can say, and the default. */
    enum Status {
        NONE,
        NOXFER,
        PROGRESS,
        DEFAULT
    }

    private static final int DEFAULT_RECORD_BYTES = 512;
    private static final Set<Flag> ONLY_INPUT = EnumSet.of(Flag.FULLBLOCK, Flag.COUNT_BYTES, Flag.SKIP_BYTES);
    private static final Set<Flag> ONLY_OUTPUT = EnumSet.of(Flag.APPEND, Flag.SEEK_BYTES);

    static DdOperands parse(List<String> operands) throws DdException {
        return new Reader().read(operands);
    }

    private static final class Reader {
        private @Nullable String input;
        private @Nullable String output;
        private long inputBytes = DEFAULT_RECORD_BYTES;
        private long outputBytes = DEFAULT_RECORD_BYTES;
        private long bothBytes;
        private @Nullable Amount count;
        private Amount skip = Amount.NONE;
        private Amount seek = Amount.NONE;
        private final Set<Conversion> conversions = EnumSet.noneOf(Conversion.class);
        private final Set<Flag> inputFlags = EnumSet.noneOf(Flag.class);
        private final Set<Flag> outputFlags = EnumSet.noneOf(Flag.class);
        private Status status = Status.DEFAULT;

        DdOperands read(List<String> operands) throws DdException {
            for (String operand : operands) {
                int equals = operand.indexOf('=');
                if (equals < 0) {
                    throw DdException.usage("unrecognized operand '" + operand + "'");
                }
                take(operand, operand.substring(0, equals), operand.substring(equals + 1));
            }
            if (conversions.contains(Conversion.EXCL) && conversions.contains(Conversion.NOCREAT)) {
                throw new DdException("cannot combine excl and nocreat");
            }
            return new DdOperands(
                    input,
                    output,
                    bothBytes > 0 ? bothBytes : inputBytes,
                    bothBytes > 0 ? bothBytes : outputBytes,
                    bothBytes == 0,
                    count == null ? null : inBytesIf(Flag.COUNT_BYTES, inputFlags, count),
                    inBytesIf(Flag.SKIP_BYTES, inputFlags, skip),
                    inBytesIf(Flag.SEEK_BYTES, outputFlags, seek),
                    conversions,
                    inputFlags,
                    outputFlags,
                    status);
        }

        private void take(String operand, String name, String value) throws DdException {
            switch (name) {
                case "if" -> input = value;
                case "of" -> output = value;
                case "bs" -> bothBytes = size(value);
                case "ibs" -> inputBytes = size(value);
                case "obs" -> outputBytes = size(value);
                case "count" -> count = amount(value);
                case "skip", "iseek" -> skip = amount(value);
                case "seek", "oseek" -> seek = amount(value);
                case "conv" -> conversions.addAll(words(Conversion.class, value, "conversion", Set.of()));
                case "iflag" -> inputFlags.addAll(words(Flag.class, value, "input flag", ONLY_OUTPUT));
                case "oflag" -> outputFlags.addAll(words(Flag.class, value, "output flag", ONLY_INPUT));
                case "status" ->
                    status = words(Status.class, value, "status level", EnumSet.of(Status.DEFAULT))
                            .iterator()
                            .next();
                default -> throw DdException.usage("unrecognized operand '" + operand + "'");
            }
        }

        private static Amount inBytesIf(Flag flag, Set<Flag> flags, Amount amount) {
            return flags.contains(flag) ? new Amount(amount.number(), true) : amount;
        }

        private static Amount amount(String value) throws DdException {
            return new Amount(number(value), value.indexOf('B') >= 0);
        }

        private static long size(String value) throws DdException {
            long size = number(value);
            if (size < 1 || size > Integer.MAX_VALUE) {
                throw new DdException("invalid number: '" + value + "'");
            }
            return size;
        }

        private static long number(String value) throws DdException {
            OptionalLong number = SizeParser.parse(value);
            if (number.isEmpty()) {
                throw new DdException("invalid number: '" + value + "'");
            }
            return number.getAsLong();
        }

        private static <E extends Enum<E>> EnumSet<E> words(Class<E> type, String value, String what, Set<E> notHere)
                throws DdException {
            EnumSet<E> found = EnumSet.noneOf(type);
            for (String word : value.split(",", -1)) {
                found.add(word(type, word, what, notHere));
            }
            return found;
        }

        private static <E extends Enum<E>> E word(Class<E> type, String word, String what, Set<E> notHere)
                throws DdException {
            StringBuilder known = new StringBuilder();
            for (E constant : type.getEnumConstants()) {
                if (notHere.contains(constant)) {
                    continue;
                }
                String name = constant.name().toLowerCase(Locale.ROOT);
                if (name.equals(word)) {
                    return constant;
                }
                known.append(known.isEmpty() ? "" : ", ").append(name);
            }
            throw DdException.usage("invalid " + what + ": '" + word + "' (sluice dd knows " + known + ")");
        }
    }
}
