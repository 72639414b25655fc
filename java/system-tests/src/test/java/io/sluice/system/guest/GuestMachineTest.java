package io.sluice.system.guest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.system.drives.DriveModel;
import io.sluice.system.engine.LabDirectory;
import io.sluice.system.guest.GuestScripts.Drive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Sluice and the machine around it: the kernel's driver, measuring beside it, limits, groups, removal. */
class GuestMachineTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"));
    private static final Drive FIRST = new Drive(DriveModel.BLOCKS_512, 4);
    private static final Drive SECOND = new Drive(DriveModel.BLOCKS_512, 5);
    private static final Drive WITH_MEMORY = new Drive(DriveModel.CONTROLLER_MEMORY_BUFFER, 6);

    @TestFactory
    Stream<DynamicNode> besideTheKernelsDriver() {
        return GuestGroup.of(JAVA, GuestScripts.named("kernel.sh"), GuestMachineTest::twoDrives, List.of());
    }

    @TestFactory
    Stream<DynamicNode> tablesReadFromADrive() {
        return measuring("reproduce-reads.sh");
    }

    @TestFactory
    Stream<DynamicNode> tablesWrittenToADrive() {
        return measuring("reproduce-writes.sh");
    }

    private static Stream<DynamicNode> measuring(String script) {
        return GuestGroup.of(
                JAVA,
                GuestScripts.named("reproduce.sh") + GuestScripts.named(script),
                GuestMachineTest::twoDrives,
                List.of());
    }

    @TestFactory
    Stream<DynamicNode> resourcesAndTrouble() {
        return GuestGroup.of(List.of(VfioResources.class, VfioTrouble.class), List.of(FIRST, SECOND, WITH_MEMORY));
    }

    @TestFactory
    Stream<DynamicNode> surpriseRemoval() {
        return GuestGroup.of(JAVA, GuestScripts.named("removal.sh"), GuestMachineTest::slot, List.of());
    }

    @TestFactory
    Stream<DynamicNode> limitsAndGroups() {
        return GuestGroup.of(JAVA, GuestScripts.named("limits.sh"), GuestMachineTest::bridge, List.of());
    }

    @TestFactory
    Stream<DynamicNode> withoutAnIommu() {
        return GuestGroup.of(
                JAVA, GuestScripts.named("no-iommu.sh"), GuestMachineTest::twoDrives, List.of("--no-iommu"));
    }

    /** The same on another Java, as far as it is a matter of Java. */
    @TestFactory
    Stream<DynamicNode> onTheSecondJdk() throws IOException {
        Path java = Path.of(System.getProperty("sluice.lab.second.jdk", ""));
        assumeTrue(
                Files.isExecutable(java.resolve("bin/jlink")), () -> "no second JDK was named: -Dsluice.second.jdk=…");
        return GuestGroup.of(
                java, List.of(VfioLifecycle.class, VfioTransfer.class, VfioInterrupt.class), List.of(FIRST));
    }

    private static List<String> twoDrives(LabDirectory directory) throws IOException {
        List<String> arguments = new ArrayList<>(FIRST.model().arguments(directory, FIRST.device()));
        arguments.addAll(SECOND.model().arguments(directory, SECOND.device()));
        return arguments;
    }

    /** One drive in a slot whose power can be switched off: address 01:00.0. */
    private static List<String> slot(LabDirectory directory) throws IOException {
        return List.of(
                "-device",
                "pcie-root-port,id=root-port,bus=pcie.0,addr=07.0,chassis=1,slot=1",
                "-drive",
                "if=none,format=raw,id=pulled,file=" + directory.image("pulled.img", 64 << 20),
                "-device",
                "nvme,serial=pulled,drive=pulled,bus=root-port");
    }

    private static List<String> bridge(LabDirectory directory) throws IOException {
        List<String> arguments = new ArrayList<>(FIRST.model().arguments(directory, FIRST.device()));
        arguments.addAll(List.of("-device", "pcie-pci-bridge,id=bridge,addr=06.0"));
        for (int i = 1; i <= 2; i++) {
            arguments.addAll(List.of(
                    "-drive",
                    "if=none,format=raw,id=b" + i + ",file=" + directory.image("b" + i + ".img", 16 << 20),
                    "-device",
                    "nvme,serial=behind-" + i + ",drive=b" + i + ",bus=bridge,addr=0" + i + ".0"));
        }
        return arguments;
    }
}
