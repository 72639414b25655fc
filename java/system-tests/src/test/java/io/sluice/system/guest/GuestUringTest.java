package io.sluice.system.guest;

import io.sluice.system.drives.DriveModel;
import io.sluice.system.engine.LabDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Sessions over io_uring on nodes of the kernel's own NVMe driver. */
class GuestUringTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"));

    @TestFactory
    Stream<DynamicNode> onTheKernelsNodes() {
        return GuestGroup.of(JAVA, GuestScripts.named("uring.sh"), GuestUringTest::drives, List.of());
    }

    private static List<String> drives(LabDirectory directory) throws IOException {
        List<String> arguments = new ArrayList<>(DriveModel.BLOCKS_512.arguments(directory, 4));
        arguments.addAll(DriveModel.BLOCKS_4096.arguments(directory, 5));
        return arguments;
    }
}
