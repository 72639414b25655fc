package io.sluice.tester;

import java.util.Objects;

/**
 * A workload and where it runs.
 *
 * @param target the device and the layer
 * @param workload what to do there
 */
public record Placement(Target target, Workload workload) {
    public Placement {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(workload, "workload");
    }
}
