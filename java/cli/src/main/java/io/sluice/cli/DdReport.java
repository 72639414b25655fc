package io.sluice.cli;

import java.io.PrintStream;

/** The lines that dd prints on standard error. */
final class DdReport {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final PrintStream err;
    private final DdOperands.Status status;
    private long start;
    private long nextProgress;
    private boolean lineOpen;

    DdReport(PrintStream err, DdOperands.Status status) {
        this.err = err;
        this.status = status;
    }

    /** The copy begins now; as with dd, what came before, the opening of both ends, is not in the rate. */
    void begin() {
        start = System.nanoTime();
        nextProgress = start + NANOS_PER_SECOND;
    }

    /** Once a second, with status=progress, what is done so far. */
    void progress(DdTally out) {
        if (status != DdOperands.Status.PROGRESS) {
            return;
        }
        long now = System.nanoTime();
        if (now - nextProgress < 0) {
            return;
        }
        nextProgress = now + NANOS_PER_SECOND;
        long nanos = now - start;
        err.print("\r" + transfer(out.bytes(), nanos, Decimals.fixed(nanos / (double) NANOS_PER_SECOND, 0)));
        err.flush();
        lineOpen = true;
    }

    /** One line about something that went wrong, on a line of its own. */
    void message(String text) {
        endLine();
        err.print("sluice: " + text + "\n");
        err.flush();
    }

    /** The closing lines. */
    void statistics(DdTally in, DdTally out) {
        endLine();
        if (status == DdOperands.Status.NONE) {
            return;
        }
        String text = in + " records in\n" + out + " records out\n";
        if (status != DdOperands.Status.NOXFER) {
            long nanos = System.nanoTime() - start;
            text += transfer(out.bytes(), nanos, HumanSize.seconds(nanos)) + "\n";
        }
        err.print(text);
        err.flush();
    }

    static String transfer(long bytes, long nanos, String seconds) {
        String decimal = HumanSize.decimal(bytes);
        String binary = HumanSize.binary(bytes);
        String size = HumanSize.isPlain(decimal)
                ? bytes + (bytes == 1 ? " byte" : " bytes")
                : bytes + " bytes (" + decimal + (HumanSize.isPlain(binary) ? "" : ", " + binary) + ")";
        return size + " copied, " + seconds + " s, " + HumanSize.rate(bytes, nanos);
    }

    private void endLine() {
        if (lineOpen) {
            err.print("\n");
            lineOpen = false;
        }
    }
}
