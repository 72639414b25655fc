package io.sluice.cli;

import io.sluice.cli.ListedDrive.Namespace;
import io.sluice.cli.Table.Column;
import io.sluice.linux.BlockUse;
import io.sluice.linux.KernelNvme;
import io.sluice.linux.PciDevice;
import io.sluice.linux.PciDirectory;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.PciAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = {
            "List the NVMe drives of this machine.",
            "",
            "What a drive holds is known while the kernel's nvme driver has it. A drive bound to vfio-pci shows - instead, unless"
                    + " --open says to open it, which only works while no other program has it open."
        },
        footer = {
            "",
            "Examples:",
            "  sluice list",
            "  sluice list --open --json",
            "",
            "Exit status: 0 listed, 1 a drive could not be read, 2 wrong usage."
        })
final class ListCommand implements Callable<Integer> {
    static final String VFIO_DRIVER = "vfio-pci";

    private static final String UNKNOWN = "-";
    private static final List<Column> COLUMNS = List.of(
            Column.left("ADDRESS", 12),
            Column.left("DRIVER", 0),
            Column.right("GROUP", 0),
            Column.right("NUMA", 0),
            Column.left("MODEL", 0),
            Column.left("SERIAL", 0),
            Column.left("NAMESPACES", 0),
            Column.left("IN USE", 0));

    private final Environment environment;

    @Option(names = "--open", description = "open drives that are bound to vfio-pci, to read what they are")
    private boolean open;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    private boolean failed;

    ListCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        List<PciDevice> found = PciDirectory.ofSysfs(environment.root()).devices().stream()
                .filter(PciDevice::isNvme)
                .toList();
        List<ListedDrive> drives = new ArrayList<>();
        for (PciDevice function : found) {
            drives.add(new ListedDrive(function, contents(function)));
        }
        if (json) {
            JsonWriter writer = new JsonWriter().beginArray();
            drives.forEach(drive -> drive.write(writer));
            environment.print(writer.endArray().toString());
        } else if (drives.isEmpty()) {
            environment.err().print("no NVMe drive found\n");
        } else {
            environment.print(
                    Table.of(COLUMNS, drives.stream().map(ListCommand::row).toList()));
        }
        return failed ? 1 : 0;
    }

    private Optional<ListedDrive.Contents> contents(PciDevice function) throws IOException {
        if (open && function.driver().equals(Optional.of(VFIO_DRIVER))) {
            return opened(function.address());
        }
        return new KernelNvme(environment.root())
                .controller(function.address())
                .map(controller -> new ListedDrive.Contents(
                        controller.model(),
                        controller.serial(),
                        controller.firmware(),
                        controller.namespaces().stream()
                                .map(namespace -> new Namespace(
                                        namespace.name(), namespace.bytes(), namespace.blockBytes(), namespace.uses()))
                                .toList()));
    }

    // One drive that cannot be opened, because another program has it, does not hide the others.
    private Optional<ListedDrive.Contents> opened(String text) {
        PciAddress address = PciAddress.parse(text).orElseThrow();
        try (NvmeController controller = environment.devices().openController(new DeviceName.Pci(address, 1))) {
            List<Namespace> namespaces = new ArrayList<>();
            for (int id : controller.namespaceIds()) {
                var geometry = controller.namespace(id).geometry();
                namespaces.add(new Namespace(
                        "n" + id, geometry.blockCount() << geometry.blockShift(), geometry.blockBytes(), List.of()));
            }
            var identify = controller.identify();
            return Optional.of(new ListedDrive.Contents(
                    identify.modelNumber(), identify.serialNumber(), identify.firmwareRevision(), namespaces));
        } catch (IOException e) {
            failed = true;
            environment.err().print("sluice: " + e.getMessage() + "\n");
            return Optional.empty();
        }
    }

    private static List<String> row(ListedDrive drive) {
        PciDevice function = drive.function();
        return List.of(
                function.address(),
                function.driver().orElse(UNKNOWN),
                number(function.iommuGroup()),
                number(function.numaNode()),
                drive.contents().map(ListedDrive.Contents::model).orElse(UNKNOWN),
                drive.contents().map(ListedDrive.Contents::serial).orElse(UNKNOWN),
                drive.contents().map(ListCommand::namespaces).orElse(UNKNOWN),
                drive.contents().map(ListCommand::uses).orElse(UNKNOWN));
    }

    private static String namespaces(ListedDrive.Contents contents) {
        return joined(contents.namespaces().stream()
                .map(namespace -> namespace.name() + " " + HumanSize.decimal(namespace.bytes()))
                .toList());
    }

    private static String uses(ListedDrive.Contents contents) {
        return joined(contents.namespaces().stream()
                .flatMap(namespace -> namespace.uses().stream())
                .map(BlockUse::toString)
                .toList());
    }

    private static String joined(List<String> texts) {
        return texts.isEmpty() ? "no" : String.join(", ", texts);
    }

    private static String number(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : UNKNOWN;
    }
}
