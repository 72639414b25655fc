package io.sluice.reproduce;

import java.util.Optional;

/**
 * What a lab says on its console when a step begins and when it ends, so that what else is seen at that time can be laid beside it: {@code step 12 a 4K mediated 2 begin}.
 *
 * @param begin false when it ends
 */
record Mark(Step step, boolean begin) {
    private static final String START = "step ";
    private static final String BEGIN = " begin";
    private static final String END = " end";

    static String begin(Step step) {
        return START + step.line() + BEGIN;
    }

    static String end(Step step) {
        return START + step.line() + END;
    }

    /** The mark that a line of a console is. */
    static Optional<Mark> of(String line) {
        String text = line.strip();
        boolean begin = text.endsWith(BEGIN);
        if (!text.startsWith(START) || !(begin || text.endsWith(END))) {
            return Optional.empty();
        }
        return Optional.of(new Mark(
                Step.parse(text.substring(START.length(), text.length() - (begin ? BEGIN : END).length())), begin));
    }
}
