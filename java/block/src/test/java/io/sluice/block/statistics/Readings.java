package io.sluice.block.statistics;

import io.sluice.block.LatencyHistogram;
import io.sluice.block.Operation;
import java.util.List;
import java.util.Map;

/** Statistics to write and read. */
final class Readings {
    private Readings() {}

    static ProcessStatistics of(ProcessIdentity process, SessionReading... sessions) {
        return new ProcessStatistics(process, "test program", -5, 1_700_000_000_000L, List.of(sessions));
    }

    static SessionReading session(String device, String label) {
        return new SessionReading(
                3,
                device,
                label,
                1L << 40,
                1L << 50,
                4096,
                true,
                128,
                17,
                2,
                Map.of(
                        Operation.READ,
                        new OperationReading(1000, 8000, LatencyHistogram.of(new long[] {0, 4, 0, 0, 996})),
                        Operation.SYNC,
                        new OperationReading(1, 0, LatencyHistogram.EMPTY)));
    }
}
