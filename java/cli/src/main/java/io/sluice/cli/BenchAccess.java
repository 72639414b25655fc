package io.sluice.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** In which order a test goes through the blocks, as its user names it. */
enum BenchAccess {
    SEQUENTIAL("sequential"),
    RANDOM("random"),
    PING_PONG("ping-pong"),
    REPLAY("replay");

    private final String label;

    BenchAccess(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }

    /** Reads a name. */
    static final class Parser implements ITypeConverter<BenchAccess> {
        @Override
        public BenchAccess convert(String text) {
            for (BenchAccess access : values()) {
                if (access.label.equals(text)) {
                    return access;
                }
            }
            throw new TypeConversionException(
                    "'" + text + "' is no test: expected sequential, random, ping-pong or replay");
        }
    }
}
