package io.sluice.report;

/**
 * One measurement of one cell.
 *
 * @param table its id
 * @param row of the table
 * @param column of the table
 * @param run from 1; measurements of one row and run were taken in turn, one directly after the other, and are compared with each other alone
 * @param sequence its place in the order in which all of a report's measurements were taken; 0 when a failure has none
 * @param outcome what came of it
 * @param command what a user types to get it again; empty when a failure has none
 */
public record Measurement(
        String table, String row, String column, int run, int sequence, Outcome outcome, String command) {
    public Measurement {
        if (run < 1 || sequence < 0) {
            throw new IllegalArgumentException(
                    "run " + run + ", sequence " + sequence + ": expected runs from 1 on, sequences from 0 on");
        }
    }

    /** Its cell and run, for messages. */
    String place() {
        return "table " + table + ", row " + row + ", column " + column + ", run " + run;
    }
}
