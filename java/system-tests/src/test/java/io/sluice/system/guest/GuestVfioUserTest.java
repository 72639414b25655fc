package io.sluice.system.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.sluice.system.engine.LabDirectory;
import io.sluice.system.engine.LabEngine;
import io.sluice.system.engine.LabEngines;
import io.sluice.system.vfiouser.EmulateProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * A drive that {@code sluice emulate} serves, in a guest of a QEMU that nobody here wrote: the guest's own nvme driver uses it. Every boot is
 * another client of the same server.
 */
class GuestVfioUserTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"));
    private static final int BOOTS = 3;
    private static final String MEMORY = "768M";

    @TestFactory
    Stream<DynamicNode> theKernelsDriverOnAServedDrive() throws IOException {
        LabEngines.Choice choice = LabEngines.withVfioUser();
        if (choice.engine().isEmpty()) {
            return Stream.of(dynamicTest("every check of a guest on a served drive", () -> {
                throw new TestAbortedException(choice.reason());
            }));
        }
        Path image = GuestImage.withJava(JAVA);
        List<DynamicNode> boots = new ArrayList<>();
        try (LabDirectory directory = LabDirectory.create();
                EmulateProcess server = EmulateProcess.start(
                        directory.path(),
                        List.of(
                                "--backing",
                                directory.path().resolve("drive.img").toString(),
                                "--size",
                                "256M",
                                "serial=SERVED-1+size=64M,block=4096"))) {
            for (int boot = 1; boot <= BOOTS; boot++) {
                GuestRun run = boot(choice.engine().orElseThrow(), image, server, directory, boot);
                boots.add(dynamicContainer("boot " + boot + " of " + BOOTS, GuestGroup.of(run)));
            }
            server.await("the client is gone", BOOTS);
            String output = server.output();
            boots.add(dynamicTest(
                    "the server outlived every guest and missed nothing",
                    () -> assertThat(output)
                            .containsPattern("(?s)(connected.*the client is gone: it left.*){" + BOOTS + "}")
                            .doesNotContain("shrank", "nobody asked for")));
        }
        return boots.stream();
    }

    private static GuestRun boot(LabEngine engine, Path image, EmulateProcess server, LabDirectory directory, int boot)
            throws IOException {
        String device =
                "{\"driver\":\"vfio-user-pci\",\"socket\":{\"type\":\"unix\",\"path\":\"" + server.socket() + "\"}}";
        return GuestRun.of(
                engine,
                // The socket is in there.
                List.of(directory.path()),
                image,
                "BOOT=" + boot + "\n" + GuestScripts.named("vfio-user.sh"),
                // The server reaches the guest's memory by its file.
                ignored -> List.of(
                        "-object",
                        "memory-backend-memfd,id=ram,share=on,size=" + MEMORY,
                        "-machine",
                        "memory-backend=ram",
                        "-device",
                        device),
                List.of("--no-iommu", "--memory", MEMORY));
    }
}
