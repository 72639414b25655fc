package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.tester.Target;
import java.util.Locale;

/** What a test drives. */
enum BenchLayer {
    SESSION,
    JOBS;

    Target on(BlockDevice device) {
        return switch (this) {
            case SESSION -> Target.session(device);
            case JOBS -> new Target.Jobs(device);
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
