package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrequencyTest {
    @TempDir
    private Path root;

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void isTheMeanOfWhatTheProcessorsAreSetTo() throws IOException {
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2000000\n");
        file("sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "3000000\n");
        file("proc/cpuinfo", "cpu MHz\t\t: 1000.000\n");

        assertThat(Frequency.of(root)).hasValue(2500);
    }

    @Test
    void isWhatTheKernelEstimatesWhereNothingIsSet() throws IOException {
        file("proc/cpuinfo", "processor\t: 0\ncpu MHz\t\t: 1000.000\nprocessor\t: 1\ncpu MHz\t\t: 1500.000\n");

        assertThat(Frequency.of(root)).hasValue(1250);
    }

    @Test
    void isUnknownWhereTheMachineDoesNotTell() throws IOException {
        assertThat(Frequency.of(root)).isEmpty();
    }
}
