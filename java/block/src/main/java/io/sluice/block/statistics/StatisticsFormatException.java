package io.sluice.block.statistics;

import java.io.IOException;

/** What was read are no statistics, or none of this version; the message says why. */
public final class StatisticsFormatException extends IOException {
    private static final long serialVersionUID = 1;

    StatisticsFormatException(String reason) {
        super(reason);
    }
}
