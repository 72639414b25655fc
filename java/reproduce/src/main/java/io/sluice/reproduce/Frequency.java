package io.sluice.reproduce;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** How fast the machine's processors run, where it shows that. */
final class Frequency {
    private static final double KILO_PER_MEGA = 1e3;

    private Frequency() {}

    /** Mean over the processors at this moment, MHz. */
    static OptionalDouble now() throws IOException {
        return of(Path.of("/"));
    }

    static OptionalDouble of(Path root) throws IOException {
        DoubleStream.Builder kilohertz = DoubleStream.builder();
        Path directory = root.resolve("sys/devices/system/cpu");
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> processors = Files.newDirectoryStream(directory, "cpu[0-9]*")) {
                for (Path processor : processors) {
                    Path file = processor.resolve("cpufreq/scaling_cur_freq");
                    if (Files.isReadable(file)) {
                        kilohertz.add(Double.parseDouble(Files.readString(file).strip()));
                    }
                }
            }
        }
        OptionalDouble scaling =
                kilohertz.build().map(value -> value / KILO_PER_MEGA).average();
        return scaling.isPresent() ? scaling : ofCpuinfo(root.resolve("proc/cpuinfo"));
    }

    private static OptionalDouble ofCpuinfo(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return OptionalDouble.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("cpu MHz"))
                    .mapToDouble(line -> Double.parseDouble(
                            line.substring(line.indexOf(':') + 1).strip()))
                    .average();
        }
    }
}
