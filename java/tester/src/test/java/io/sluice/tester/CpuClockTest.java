package io.sluice.tester;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuClockTest {
    private static final String STAT =
            "cpu  %1$d 0 0 0 0 0 0 0 0 0\ncpu0 10 0 10 %2$d 0 0 0 0 0 0\ncpu1 %1$d 0 0 50 0 0 0 0 0 0\nintr 5\n";
    private static final String SELF = "4242 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 %d 20 0 0 20 0 5 0 100 1 1";

    @Test
    void subtractsTwoMoments() {
        CpuClock before = CpuClock.parse(String.format(SELF, 100), String.format(STAT, 100, 100), List.of());
        CpuClock after = CpuClock.parse(String.format(SELF, 150), String.format(STAT, 300, 200), List.of());

        assertThat(after.processNanosSince(before)).isEqualTo(500_000_000);
        assertThat(after.idlePercentSince(before)).containsExactly(100.0, 0.0);
    }

    @Test
    void threadsThatAreTheDeviceAreNotCountedToTheProcess() {
        String device = "4243 (sluice-emulator) R 1 2 3 4 5 6 7 8 9 10 %d 5 0 0 20 0 5 0 100 1 1";
        CpuClock before = CpuClock.parse(String.format(SELF, 100), STAT.formatted(1, 1), List.of(device.formatted(40)));
        CpuClock after = CpuClock.parse(String.format(SELF, 150), STAT.formatted(1, 1), List.of(device.formatted(70)));

        assertThat(after.processNanosSince(before)).isEqualTo(200_000_000);
    }

    @Test
    void addsUpWhatAllCoresDid() {
        CpuClock before = CpuClock.parse(String.format(SELF, 100), String.format(STAT, 100, 100), List.of());
        CpuClock after = CpuClock.parse(String.format(SELF, 100), String.format(STAT, 300, 200), List.of());

        assertThat(after.busyNanosSince(before)).isEqualTo(2_000_000_000);
    }

    @Test
    void readsThisMachine() throws IOException {
        CpuClock before = CpuClock.now();
        assertThat(CpuClock.now().idlePercentSince(before)).allMatch(percent -> percent >= 0 && percent <= 100);
    }
}
