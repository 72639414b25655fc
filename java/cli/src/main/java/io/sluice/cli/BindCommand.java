package io.sluice.cli;

import io.sluice.linux.DriverOverride;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
        name = "bind",
        description = {
            "Give a drive to vfio-pci, so that programs in user space can open it.",
            "",
            "Its block devices go away. A drive that is mounted, swapped to, or part of an array or a device-mapper device is"
                    + " refused. Lasts until 'sluice unbind' or the next boot. Needs root."
        },
        footer = {
            "",
            "Example:",
            "  sluice bind 0000:03:00.0",
            "",
            "Exit status: 0 bound, now or before; 1 refused or failed; 2 wrong usage."
        })
final class BindCommand extends BindingCommand {
    BindCommand(Environment environment) {
        super(environment);
    }

    @Override
    String move(DriverOverride drivers, String drive, Optional<String> driver) throws IOException {
        if (driver.equals(Optional.of(ListCommand.VFIO_DRIVER))) {
            return drive + " is already bound to " + ListCommand.VFIO_DRIVER;
        }
        drivers.bind(drive, ListCommand.VFIO_DRIVER);
        return drive + " is bound to " + ListCommand.VFIO_DRIVER + " (before: " + driver.orElse("no driver") + ")";
    }
}
