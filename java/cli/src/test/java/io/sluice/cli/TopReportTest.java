package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopReportTest {
    private static final List<SessionActivity> ACTIVITIES = SessionActivity.between(
            List.of(SessionActivityTest.process(
                    4711, 0, SessionActivityTest.session(1, Map.of()), SessionActivityTest.session(2, Map.of()))),
            List.of(SessionActivityTest.process(
                    4711,
                    1_000_000_000,
                    SessionActivityTest.session(
                            1,
                            Map.of(
                                    Operation.WRITE, SessionActivityTest.reading(2_000_000, 2_000_000),
                                    Operation.READ, SessionActivityTest.reading(1_000_000, 3_000_000))),
                    SessionActivityTest.session(2, Map.of()))));

    @Test
    void aRowIsASessionAndAKindOfOperation() {
        assertThat(TopReport.text(ACTIVITIES)).isEqualTo("""
                          PID  session  device      blocks      op          IOPS      MB/s      depth    p50 us    p99 us    max us  failed
                         4711  label    drive       0-99 rw     read   1,000,000  12,288.0     0.3/32       0.1       0.1       0.1       3
                                                                write  2,000,000   8,192.0                  0.1       0.1       0.1
                         4711  label    drive       0-99 rw     -              0       0.0     7.0/32         -         -         -       3
                        """);
    }

    @Test
    void whereNobodyPublishesThereIsOnlyTheHeader() {
        assertThat(TopReport.text(List.of()).lines()).hasSize(1);
    }

    @Test
    void anObjectIsALine() {
        String json = TopReport.json(Instant.ofEpochMilli(1_700_000_000_123L), ACTIVITIES);
        assertThat(json.lines()).hasSize(1);
        assertThat(json)
                .startsWith(
                        "{\"time\": \"2023-11-14T22:13:20.123Z\", \"sessions\": [{\"pid\": 4711, \"command\": \"program\", ")
                .contains(
                        "\"operation\": \"read\", \"iops\": 1000000.0, \"bytes_per_s\": 12288000000, \"latency_ns\": {\"mean\": 100, \"p50\": 100,")
                .endsWith("}]}\n");
    }
}
