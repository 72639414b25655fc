package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.CommandSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a tree like sysfs; the guest's lab has real drivers. */
class PciDriveTest {
    private static final String ADDRESS = "0000:03:00.0";

    @TempDir
    private Path root;

    private Path function;

    @BeforeEach
    void aDriveWithTheKernelsDriver() throws IOException {
        function = Files.createDirectories(root.resolve("sys/bus/pci/devices").resolve(ADDRESS));
        Path driver = Files.createDirectories(root.resolve("sys/bus/pci/drivers/nvme"));
        Files.createSymbolicLink(function.resolve("driver"), driver);
        Files.createDirectories(root.resolve("dev"));
    }

    private void namespace(String name) throws IOException {
        Files.createDirectories(function.resolve("nvme/nvme4").resolve(name));
        Files.createFile(root.resolve("dev").resolve(name));
    }

    @Test
    void theKernelsNodeIsThatOfTheFirstNamespace() throws IOException {
        namespace("nvme4n1");
        namespace("nvme4n2");
        Files.createDirectories(function.resolve("nvme/nvme4/hwmon3"));
        try (CommandSeries commands = new CommandSeries();
                PciDrive drive = new PciDrive(ADDRESS, 0, commands, root)) {
            assertThat(drive.prepare(Reach.NODE)).isEqualTo("/dev/nvme4n1");
        }
    }

    @Test
    void aNodeThatComesLateIsWaitedFor() throws IOException, InterruptedException {
        Thread kernel = new Thread(() -> {
            try {
                Thread.sleep(50);
                namespace("nvme4n1");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        kernel.start();
        try (CommandSeries commands = new CommandSeries();
                PciDrive drive = new PciDrive(ADDRESS, 0, commands, root)) {
            assertThat(drive.prepare(Reach.NODE)).isEqualTo("/dev/nvme4n1");
        } finally {
            kernel.join();
        }
    }

    @Test
    void saysWhyItCannotBeBound() throws IOException {
        try (CommandSeries commands = new CommandSeries();
                PciDrive drive = new PciDrive("ffff:ff:1f.7", 0, commands, root)) {
            assertThatThrownBy(() -> drive.prepare(Reach.DIRECT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("sluice bind ffff:ff:1f.7")
                    .hasMessageContaining("there is no PCI function at this address");
        }
    }

    @Test
    void namesOfColumnsAreThoseOfTheCommands() {
        PartitionName name = new PartitionName(ADDRESS, 2);
        assertThat(name.of(Reach.DIRECT)).isEqualTo(ADDRESS);
        assertThat(name.of(Reach.MEDIATED)).isEqualTo(ADDRESS + "/p2,mediated");
        assertThat(name.of(Reach.COPYING)).isEqualTo(ADDRESS + "/p2,copying");
    }
}
