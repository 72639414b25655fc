package io.sluice.report;

import java.io.IOException;
import java.io.Serial;

/** Files that are no report's. The message names the file, and the cell where there is one. */
public final class ReportException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    ReportException(String message) {
        super(message);
    }
}
