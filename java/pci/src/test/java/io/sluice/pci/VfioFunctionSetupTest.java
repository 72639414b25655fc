package io.sluice.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.pci.PciSetupException.Problem;
import io.sluice.pci.VfioOptions.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong before there is a device, on a made-up machine whose device nodes are plain files. */
class VfioFunctionSetupTest {
    private static final PciAddress DRIVE = PciAddress.parse("0000:03:00.0").orElseThrow();

    @TempDir
    Path root;

    @AfterEach
    void nothingIsLeftOpenOrMapped() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(links).noneMatch(this::leadsIntoTheTree);
        }
        assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(root.toString());
    }

    @Test
    void functionThatIsNotThereIsNamed() {
        assertRefused(VfioOptions.defaults(), Problem.NO_SUCH_FUNCTION)
                .hasMessageContaining("0000:03:00.0")
                .hasMessageContaining("sluice list");
    }

    @Test
    void driverThatHasTheFunctionIsNamedWithTheCommandThatTakesItAway() throws IOException {
        drive("nvme", 12);
        assertRefused(VfioOptions.defaults(), Problem.NOT_BOUND)
                .hasMessage(
                        "0000:03:00.0 is bound to the kernel driver nvme; give it to vfio-pci: sluice bind 0000:03:00.0");
    }

    @Test
    void functionWithoutDriverIsNotBound() throws IOException {
        drive("", 12);
        assertRefused(VfioOptions.defaults(), Problem.NOT_BOUND).hasMessageContaining("is bound to no driver");
    }

    @Test
    void functionWithoutGroupHasNoIommu() throws IOException {
        drive("vfio-pci", -1);
        assertRefused(VfioOptions.defaults(), Problem.NO_IOMMU).hasMessageContaining("intel_iommu=on");
    }

    @Test
    void noIommuModeIsRefusedUnlessAskedForByItsName() throws IOException {
        drive("vfio-pci", 3);
        file("dev/vfio/noiommu-3");
        assertRefused(VfioOptions.defaults(), Problem.NO_IOMMU).hasMessageContaining("withUnsafeWithoutIommu(true)");
        // Allowed, it goes on to the container, which is missing here.
        assertRefused(VfioOptions.defaults().withUnsafeWithoutIommu(true), Problem.NO_VFIO);
    }

    @Test
    void missingDeviceNodesMeanThatTheModulesAre() throws IOException {
        drive("vfio-pci", 12);
        assertRefused(VfioOptions.defaults(), Problem.NO_VFIO)
                .hasMessageContaining("dev/vfio/vfio")
                .hasMessageContaining("modprobe vfio-pci");
    }

    @Test
    void whatAnswersLikeNoVfioIsRefusedWithTheKernelsWords() throws IOException {
        drive("vfio-pci", 12);
        file("dev/vfio/vfio");
        file("dev/vfio/12");
        assertRefused(VfioOptions.defaults(), Problem.REFUSED)
                .hasMessageContaining("VFIO_GET_API_VERSION")
                .hasMessageContaining("ENOTTY");
    }

    @Test
    void characterDeviceIsPreferredWhereAllOfItIsThere() throws IOException {
        drive("vfio-pci", 12);
        file("dev/vfio/vfio");
        file("dev/vfio/12");
        file("dev/iommu");
        file("dev/vfio/devices/vfio7");
        Files.createDirectories(root.resolve("sys/bus/pci/devices/0000:03:00.0/vfio-dev/vfio7"));
        assertRefused(VfioOptions.defaults(), Problem.REFUSED).hasMessageContaining("IOMMU_IOAS_ALLOC");
        assertRefused(VfioOptions.defaults().withAccess(Access.GROUP), Problem.REFUSED)
                .hasMessageContaining("VFIO_GET_API_VERSION");
        Files.delete(root.resolve("dev/vfio/devices/vfio7"));
        assertRefused(VfioOptions.defaults(), Problem.REFUSED).hasMessageContaining("VFIO_GET_API_VERSION");
    }

    @Test
    void characterDeviceThatIsAskedForAndMissingIsNamed() throws IOException {
        drive("vfio-pci", 12);
        assertRefused(VfioOptions.defaults().withAccess(Access.CHARACTER_DEVICE), Problem.NO_VFIO)
                .hasMessageContaining("dev/iommu");
    }

    @Test
    void openingThatFailsLeavesTheGroupFree() throws IOException {
        drive("vfio-pci", 12);
        VfioGroups groups = new VfioGroups();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> VfioFunction.open(DRIVE, VfioOptions.defaults(), root, groups))
                    .isInstanceOfSatisfying(
                            PciSetupException.class,
                            exception -> assertThat(exception.problem()).isEqualTo(Problem.NO_VFIO));
        }
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> VfioOptions.defaults().withMaximumInterrupts(2049))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VfioOptions.defaults().withMaximumInterrupts(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(VfioOptions options, Problem problem) {
        return assertThatThrownBy(() -> VfioFunction.open(DRIVE, options, root, new VfioGroups()))
                .isInstanceOfSatisfying(
                        PciSetupException.class,
                        exception -> assertThat(exception.problem()).isEqualTo(problem));
    }

    private void drive(String driver, int group) throws IOException {
        Path device = Files.createDirectories(root.resolve("sys/bus/pci/devices/" + DRIVE));
        Files.writeString(device.resolve("vendor"), "0x144d\n");
        Files.writeString(device.resolve("device"), "0xa808\n");
        Files.writeString(device.resolve("class"), "0x010802\n");
        if (!driver.isEmpty()) {
            Files.createSymbolicLink(device.resolve("driver"), Path.of("../../drivers/" + driver));
        }
        if (group >= 0) {
            Files.createSymbolicLink(device.resolve("iommu_group"), Path.of("../../iommu_groups/" + group));
        }
    }

    private void file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }

    private boolean leadsIntoTheTree(Path link) {
        try {
            return Files.readSymbolicLink(link).startsWith(root);
        } catch (IOException gone) {
            return false;
        }
    }
}
