package io.sluice.system.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.sluice.system.engine.LabDirectory;
import io.sluice.system.engine.Qemu;
import io.sluice.system.guest.GuestScripts.Drive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A boot of a guest, as tests of this build: one for each result it reported, one for its end. */
final class GuestGroup {
    private static final Logger LOG = LoggerFactory.getLogger("io.sluice.lab");

    private GuestGroup() {}

    /** Runs test classes on drives, in a guest with this JVM's Java. */
    static Stream<DynamicNode> of(List<Class<?>> classes, List<Drive> drives) {
        return of(Path.of(System.getProperty("java.home")), classes, drives);
    }

    /** Runs test classes on drives; those that the lab's QEMU cannot build report themselves as aborted. */
    static Stream<DynamicNode> of(Path java, List<Class<?>> classes, List<Drive> drives) {
        List<Drive> possible = new ArrayList<>();
        List<DynamicNode> missing = new ArrayList<>();
        for (Drive drive : drives) {
            Optional<String> reason = drive.model().impossibleWith(Qemu.ofLab());
            if (reason.isEmpty()) {
                possible.add(drive);
            } else {
                missing.add(dynamicTest("every contract [" + drive.model().label() + "]", () -> {
                    throw new TestAbortedException(reason.get());
                }));
            }
        }
        return Stream.concat(
                missing.stream(),
                of(
                        java,
                        GuestScripts.tests(possible, classes),
                        directory -> arguments(directory, possible),
                        List.of()));
    }

    /** Runs a script. */
    static Stream<DynamicNode> of(Path java, String script, GuestRun.Devices devices, List<String> options) {
        GuestRun run;
        try {
            run = GuestRun.of(GuestImage.withJava(java), script, devices, options);
        } catch (IOException failure) {
            throw new UncheckedIOException("the guest could not be started", failure);
        }
        return of(run);
    }

    /** What a guest reported. */
    static Stream<DynamicNode> of(GuestRun run) {
        LOG.info(
                "A guest reported {} tests, {} s of them; longest {}",
                run.results().size(),
                run.results().stream().mapToLong(GuestResult::millis).sum() / 1000,
                run.results().stream()
                        .sorted(Comparator.comparingLong(GuestResult::millis).reversed())
                        .limit(5)
                        .map(result -> result.name() + " " + result.millis() + " ms")
                        .toList());
        return Stream.concat(
                run.results().stream().map(GuestGroup::test), Stream.of(dynamicTest("the guest runs to its end", () -> {
                    assertThat(run.ended()).as(run.end()).isTrue();
                    assertThat(run.results()).as(run.end()).isNotEmpty();
                })));
    }

    private static DynamicNode test(GuestResult result) {
        return dynamicTest(result.group() + ": " + result.name(), () -> {
            switch (result.status()) {
                case GuestResult.PASSED -> {}
                case GuestResult.ABORTED -> throw new TestAbortedException(result.details());
                default -> fail("in the guest, after " + result.millis() + " ms: " + result.details());
            }
        });
    }

    private static List<String> arguments(LabDirectory directory, List<Drive> drives) throws IOException {
        List<String> arguments = new ArrayList<>();
        for (Drive drive : drives) {
            arguments.addAll(drive.model().arguments(directory, drive.device()));
        }
        return arguments;
    }
}
