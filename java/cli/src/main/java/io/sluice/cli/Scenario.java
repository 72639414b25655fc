package io.sluice.cli;

import io.sluice.block.BlockDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Tests that run in order.
 *
 * @param device null when the command line has to name it
 */
record Scenario(@Nullable DeviceName device, boolean stopOnError, List<Test> tests) {
    Scenario {
        tests = List.copyOf(tests);
    }

    /** The options of something that runs, and who is told when they are wrong. */
    record Part(BenchOptions options, CommandLine line) {}

    /**
     * A test.
     *
     * @param parts all of them at the same time; where there is one, each of its rows is a test
     */
    record Test(String name, List<Part> parts) {
        Test {
            parts = List.copyOf(parts);
        }

        /** What it writes with, for a message; null when nothing is overwritten. */
        @Nullable
        String overwriting() {
            return parts.stream()
                    .map(part -> part.options.overwriting())
                    .filter(text -> text != null)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** The tests of a command line. */
    static Scenario of(@Nullable DeviceName device, BenchOptions options, CommandLine line) {
        return new Scenario(device, options.stopsOnError(), List.of(new Test("", List.of(new Part(options, line)))));
    }

    /** Reads a file. */
    static Scenario read(Path file, CommandLine line) throws IOException {
        return new ScenarioReader(file, line).read();
    }

    /** The tests on a device. */
    List<BenchTest> resolve(BlockDevice device) throws IOException {
        List<BenchTest> resolved = new ArrayList<>();
        for (Test test : tests) {
            List<BenchEntry> together = new ArrayList<>();
            for (Part part : test.parts) {
                List<BenchEntry> entries = part.options.entries(part.line, test.name, device.name(), device.geometry());
                if (test.parts.size() == 1) {
                    entries.forEach(
                            entry -> resolved.add(new BenchTest(entry.workload().name(), List.of(entry))));
                } else {
                    together.addAll(entries);
                }
            }
            if (!together.isEmpty()) {
                resolved.add(new BenchTest(test.name, together));
            }
        }
        return resolved;
    }
}
