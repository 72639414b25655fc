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
        return onAServer("SERVED-1", (engine, image, server, directory) -> {
            List<DynamicNode> boots = new ArrayList<>();
            for (int boot = 1; boot <= BOOTS; boot++) {
                String script = "BOOT=" + boot + "\n" + GuestScripts.named("vfio-user.sh");
                GuestRun run = boot(engine, image, server, directory, script, List.of());
                boots.add(dynamicContainer("boot " + boot + " of " + BOOTS, GuestGroup.of(run)));
            }
            boots.add(outlived(server, BOOTS));
            return boots.stream();
        });
    }

    /** The machine is reset and not ended, so that one client resets the device again and again. */
    @TestFactory
    Stream<DynamicNode> aGuestThatRebootsOnTheSameConnection() throws IOException {
        return onAServer("SERVED-2", (engine, image, server, directory) -> {
            GuestRun run = boot(
                    engine,
                    image,
                    server,
                    directory,
                    GuestScripts.named("vfio-user-reboot.sh"),
                    List.of("-action", "reboot=reset"));
            return Stream.concat(GuestGroup.of(run), Stream.of(outlived(server, 1)));
        });
    }

    /** What is done with a server, before it is ended. */
    private interface Lab {
        Stream<DynamicNode> run(LabEngine engine, Path image, EmulateProcess server, LabDirectory directory)
                throws IOException;
    }

    private static Stream<DynamicNode> onAServer(String serial, Lab lab) throws IOException {
        LabEngines.Choice choice = LabEngines.withVfioUser();
        if (choice.engine().isEmpty()) {
            return Stream.of(dynamicTest("every check of a guest on a served drive", () -> {
                throw new TestAbortedException(choice.reason());
            }));
        }
        Path image = GuestImage.withJava(JAVA);
        try (LabDirectory directory = LabDirectory.create();
                EmulateProcess server = EmulateProcess.start(
                        directory.path(),
                        List.of(
                                "--backing",
                                directory.path().resolve("drive.img").toString(),
                                "--size",
                                "256M",
                                "serial=" + serial + "+size=64M,block=4096"))) {
            // Everything has run when the server ends; what is left are results.
            return lab.run(choice.engine().orElseThrow(), image, server, directory).toList().stream();
        }
    }

    private static DynamicNode outlived(EmulateProcess server, int clients) throws IOException {
        server.await("the client is gone", clients);
        String output = server.output();
        return dynamicTest(
                "the server outlived every client and missed nothing",
                () -> assertThat(output)
                        .containsPattern("(?s)(connected.*the client is gone: it left.*){" + clients + "}")
                        .doesNotContain("refused"));
    }

    private static GuestRun boot(
            LabEngine engine,
            Path image,
            EmulateProcess server,
            LabDirectory directory,
            String script,
            List<String> more)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                // The server reaches the guest's memory by its file.
                "-object",
                "memory-backend-memfd,id=ram,share=on,size=" + MEMORY,
                "-machine",
                "memory-backend=ram",
                "-device",
                "{\"driver\":\"vfio-user-pci\",\"socket\":{\"type\":\"unix\",\"path\":\"" + server.socket() + "\"}}"));
        arguments.addAll(more);
        return GuestRun.of(
                engine,
                // The socket is in there.
                List.of(directory.path()),
                image,
                script,
                ignored -> arguments,
                List.of("--no-iommu", "--memory", MEMORY));
    }
}
