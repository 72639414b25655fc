package io.sluice.cli;

import io.sluice.linux.DriverOverride;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
        name = "unbind",
        description = {
            "Give a drive back from vfio-pci to the kernel's own driver.",
            "",
            "Its block devices come back. Waits while a program has the drive open. Needs root."
        },
        footer = {
            "",
            "Example:",
            "  sluice unbind 0000:03:00.0",
            "",
            "Exit status: 0 given back, now or before; 1 failed; 2 wrong usage."
        })
final class UnbindCommand extends BindingCommand {
    UnbindCommand(Environment environment) {
        super(environment);
    }

    @Override
    String move(DriverOverride drivers, String drive, Optional<String> driver) throws IOException {
        if (driver.isPresent() && !driver.get().equals(ListCommand.VFIO_DRIVER)) {
            return drive + " is already with " + driver.get();
        }
        return drive + " is with "
                + drivers.release(drive)
                        .orElse("no driver: the kernel has none for it, or it is not loaded (modprobe nvme)");
    }
}
