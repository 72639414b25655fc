package io.sluice.reproduce;

import io.sluice.cli.CommandSeries;
import java.io.IOException;

/** A controller in this process, kept open so that what it holds stays. */
final class EmulatedDrive implements Drive {
    private final PartitionName name;

    EmulatedDrive(String device, CommandSeries commands) throws IOException {
        this.name = new PartitionName(device, 0);
        commands.keep(device);
    }

    @Override
    public String prepare(Reach reach) throws IOException {
        if (reach == Reach.NODE) {
            throw new IOException("the kernel's driver cannot reach a controller in a process");
        }
        return name.of(reach);
    }

    @Override
    public void close() {
        // The commands' series closes what it keeps.
    }
}
