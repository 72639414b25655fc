package io.sluice.bench;

import java.io.IOException;

/**
 * What a {@link ReadLoop} came to.
 *
 * @param rate reads a second
 * @param nanos how long one took, with so many in flight
 */
record ReadScore(double rate, double nanos) {
    /** Runs one, in a JVM of its own; where from as its first argument. */
    static ReadScore measure(String where, int depth, boolean quick) throws IOException, InterruptedException {
        Process reader = Programs.start(
                ReadLoop.class, where, String.valueOf(depth), quick ? "300" : "2000", quick ? "300" : "1500");
        reader.getOutputStream().close();
        String line = Programs.firstLine(reader);
        if (reader.waitFor() != 0) {
            throw new IOException("the reader ended with exit code " + reader.exitValue());
        }
        String[] numbers = line.split(" ", -1);
        double reads = Long.parseLong(numbers[0]);
        double nanos = Long.parseLong(numbers[1]);
        return new ReadScore(reads * 1e9 / nanos, nanos * depth / reads);
    }
}
