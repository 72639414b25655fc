package io.sluice.reproduce;

import io.sluice.report.Lab;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A process of this machine: the emulated controller in it, or a drive of the machine.
 *
 * @param device as the commands call it
 * @param partition of it
 * @param drive for the report
 */
record ProcessSite(Lab lab, String device, int partition, String drive) implements Site {
    private static final String COLLECTOR = "-XX:+UseSerialGC";

    @Override
    public List<String> command(Path assignment, Path results, long seconds) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                COLLECTOR,
                "-cp",
                System.getProperty("java.class.path"),
                StepRunner.class.getName(),
                device,
                Integer.toString(partition),
                assignment.toString(),
                results.toString(),
                lab.id());
    }

    @Override
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("drive", drive);
        facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("jvmFlags", COLLECTOR);
        return facts;
    }
}
