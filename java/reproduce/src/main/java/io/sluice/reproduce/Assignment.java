package io.sluice.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a lab is sent to do, as a file: how much time a step gets, then a step a line.
 *
 * @param steps in their order
 */
record Assignment(Pace pace, List<Step> steps) {
    Assignment {
        steps = List.copyOf(steps);
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(pace.line());
        steps.forEach(step -> lines.add(step.line()));
        Files.write(file, lines);
    }

    static Assignment read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty()) {
            throw new IOException(file + " is empty: expected a pace and steps");
        }
        return new Assignment(
                Pace.parse(lines.get(0)),
                lines.stream().skip(1).map(Step::parse).toList());
    }
}
