package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up tree has no kernel behind it: what is written stays in the files, and no driver takes a function. */
class DriverOverrideTest {
    private static final String DRIVE = "0000:03:00.0";
    private static final String DEVICE = "sys/bus/pci/devices/" + DRIVE + "/";

    @TempDir
    Path root;

    private MachineTree tree;
    private DriverOverride drivers;

    @BeforeEach
    void makeDrive() throws IOException {
        tree = new MachineTree(root).drive(DRIVE, "nvme", 12).link("unused", "sys/bus/pci/drivers/vfio-pci");
        drivers = new DriverOverride(root);
    }

    @Test
    void driverThatDoesNotTakeTheFunctionIsNamedAndTheOverrideTakenBack() throws IOException {
        assertThatThrownBy(() -> drivers.bind(DRIVE, "vfio-pci"))
                .isInstanceOf(DriverBindingException.class)
                .hasMessageContaining(DRIVE + ": vfio-pci did not take it")
                .hasMessageContaining("dmesg");
        assertThat(tree.text(DEVICE + "driver_override")).startsWith("\n");
        assertThat(tree.text("sys/bus/pci/drivers/nvme/unbind")).startsWith(DRIVE);
        assertThat(tree.text("sys/bus/pci/drivers_probe")).startsWith(DRIVE);
    }

    @Test
    void functionInUseIsNotTouched() throws IOException {
        tree.file(DEVICE + "nvme/nvme0/nvme0n1/uevent", "")
                .file("sys/class/block/nvme0n1/dev", "259:0")
                .file("proc/self/mountinfo", "21 1 259:0 / /srv rw - ext4 /dev/nvme0n1 rw");
        assertThatThrownBy(() -> drivers.bind(DRIVE, "vfio-pci"))
                .isInstanceOf(DriverBindingException.class)
                .hasMessage(
                        DRIVE + " is in use: nvme0n1 is mounted at /srv; unmount it, swap off or stop what stands on it"
                                + " first");
        assertThat(tree.text(DEVICE + "driver_override")).isEqualTo("(null)\n");
        assertThat(tree.text("sys/bus/pci/drivers/nvme/unbind")).isEqualTo("\n");
    }

    @Test
    void driverThatIsNotLoadedIsNamed() {
        assertThatThrownBy(() -> drivers.bind(DRIVE, "uio_pci_generic"))
                .hasMessage(DRIVE + ": the driver uio_pci_generic is not loaded; load it: modprobe uio_pci_generic");
    }

    @Test
    void functionThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> drivers.bind("0000:99:00.0", "vfio-pci"))
                .hasMessage("0000:99:00.0: there is no PCI function at this address");
        assertThatThrownBy(() -> drivers.release("0000:99:00.0")).isInstanceOf(DriverBindingException.class);
    }

    @Test
    void functionThatHasTheDriverIsLeftAlone() throws IOException {
        tree.drive("0000:04:00.0", "vfio-pci", 13);
        drivers.bind("0000:04:00.0", "vfio-pci");
        assertThat(tree.text("sys/bus/pci/devices/0000:04:00.0/driver_override"))
                .isEqualTo("(null)\n");
    }

    @Test
    void releaseClearsTheOverrideAndAsksForAProbe() throws IOException {
        assertThat(drivers.release(DRIVE)).contains("nvme");
        assertThat(tree.text(DEVICE + "driver_override")).startsWith("\n");
        assertThat(tree.text("sys/bus/pci/drivers_probe")).startsWith(DRIVE);
    }
}
