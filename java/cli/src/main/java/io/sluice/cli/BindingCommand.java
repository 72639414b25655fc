package io.sluice.cli;

import io.sluice.linux.DriverOverride;
import io.sluice.linux.PciDevice;
import io.sluice.linux.PciDirectory;
import io.sluice.pci.PciAddress;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Parameters;

/** A command that gives a drive to another driver. */
abstract class BindingCommand implements Callable<Integer> {
    private final Environment environment;

    @Parameters(
            paramLabel = "ADDRESS",
            description = "PCI address of a drive, such as 0000:03:00.0 or 03:00.0",
            converter = PciAddressParser.class)
    private PciAddress address;

    BindingCommand(Environment environment) {
        this.environment = environment;
    }

    /**
     * Does it.
     *
     * @param driver that has the drive now
     * @return what to say
     */
    abstract String move(DriverOverride drivers, String drive, Optional<String> driver) throws IOException;

    @Override
    public Integer call() throws IOException {
        String drive = address.toString();
        PciDevice function = PciDirectory.ofSysfs(environment.root())
                .find(drive)
                .orElseThrow(
                        () -> new IOException(
                                drive
                                        + ": there is no PCI function at this address; 'sluice list' shows the drives of this machine"));
        // A wrong digit must not take the network card away.
        if (!function.isNvme()) {
            throw new IOException(drive + " is no NVMe drive (its class is 0x"
                    + Integer.toHexString(function.classCode()) + "); 'sluice list' shows the drives of this machine");
        }
        environment.print(move(new DriverOverride(environment.root()), drive, function.driver()) + "\n");
        return 0;
    }
}
