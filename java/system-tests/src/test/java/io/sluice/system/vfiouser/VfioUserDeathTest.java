package io.sluice.system.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.vfiouser.VfioUserFunction;
import io.sluice.pci.vfiouser.VfioUserOptions;
import io.sluice.system.engine.LabDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Either side dies in the middle; the other goes on. */
class VfioUserDeathTest {
    private static final String CLIENT_MEMORY = "memfd:sluice-vfio-user";

    private LabDirectory directory;
    private EmulateProcess server;

    @BeforeEach
    void serve() throws IOException {
        directory = LabDirectory.create();
        server = EmulateProcess.start(directory.path(), List.of("size=64M"));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        directory.close();
    }

    private NvmeController open() throws IOException {
        return NvmeController.open(
                VfioUserFunction.open(server.socket(), VfioUserOptions.defaults()), ControllerOptions.defaults());
    }

    @Test
    void aClientThatIsKilledWhileItWritesLeavesTheServerAsItWas() throws Exception {
        // The first client makes the server load what it needs.
        readOneBlock();
        server.await("the client is gone", 1);
        List<String> before = server.descriptors();
        for (int round = 1; round <= 3; round++) {
            List<String> command = EmulateProcess.sluice(
                    "bench",
                    "vfio-user:" + server.socket(),
                    "--rw",
                    "randwrite",
                    "--bs",
                    "64k",
                    "--iodepth",
                    "16",
                    "--runtime",
                    "60",
                    "--yes-destroy-data");
            Process client = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            try {
                server.await(" connected", 1 + round);
                awaitMemory();
                // It is about to write, or writes: both are to be survived.
                Thread.sleep(200L * round);
                assertThat(client.isAlive()).isTrue();
            } finally {
                client.destroyForcibly().waitFor();
            }
            server.await("the client is gone", 1 + round);
            assertThat(server.mappings(CLIENT_MEMORY)).isZero();
            assertThat(server.descriptors()).isEqualTo(before);
        }
        readOneBlock();
    }

    /** Queues and a buffer, so that a session is open. */
    private void awaitMemory() throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (server.mappings(CLIENT_MEMORY) < 3) {
            assertThat(System.nanoTime() - end)
                    .as("the client's session is open")
                    .isNegative();
            Thread.sleep(10);
        }
    }

    private void readOneBlock() throws IOException {
        try (NvmeController controller = open();
                BlockSession session = controller.namespace(1).open(SessionOptions.defaults())) {
            assertThat(session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                    .isTrue();
            session.commit();
            Outcomes outcomes = new Outcomes();
            while (session.inFlight() > 0) {
                session.poll(outcomes, 1);
            }
            assertThat(outcomes.failures).isEmpty();
        }
    }

    @Test
    void aServerThatIsKilledUnderLoadFailsEveryOperationOnceAndTheDriverEnds() throws Exception {
        long mappings = mappings();
        NvmeController controller = open();
        BlockSession session = controller.namespace(1).open(SessionOptions.defaults());
        Outcomes outcomes = new Outcomes();
        int submitted = 0;
        for (int i = 0; i < 1000; i++) {
            submitted += submit(session, i);
            session.commit();
            session.poll(outcomes, 64);
        }
        assertThat(outcomes.failures).isEmpty();
        server.kill();
        submitted += submit(session, 0);
        session.commit();
        while (session.inFlight() > 0) {
            session.poll(outcomes, 64);
        }
        assertThat(outcomes.completed + outcomes.failures.size()).isEqualTo(submitted);
        assertThat(outcomes.failures)
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(DeviceGoneException.class));
        assertThatThrownBy(() -> session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0))
                .isInstanceOf(BlockIoException.class);
        assertThatThrownBy(controller::smartLog)
                .isInstanceOf(DeviceGoneException.class)
                .hasMessageContaining(server.socket().toString());
        session.close();
        controller.close();
        assertThat(mappings()).isEqualTo(mappings);
    }

    private static long mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(CLIENT_MEMORY) || line.contains("memfd:sluice-registers"))
                .count();
    }

    private static int submit(BlockSession session, long block) throws IOException {
        return session.submit(Operation.READ, block, 1, session.buffer(), 0, block) ? 1 : 0;
    }

    @Test
    void aServerThatIsTerminatedRemovesItsSocketAndItsSuccessorServes() throws Exception {
        try (VfioUserFunction function = VfioUserFunction.open(server.socket(), VfioUserOptions.defaults())) {
            assertThat(function.removalRequested()).isFalse();
            // What the JVM ends with after SIGTERM.
            assertThat(server.terminate()).isEqualTo(143);
            assertThat(server.socket()).doesNotExist();
            assertThat(function.removalRequested()).isTrue();
            assertThat(function.config().read32(0)).isEqualTo(-1);
        }
        server = EmulateProcess.start(directory.path(), List.of("size=64M"));
        readOneBlock();
    }

    @Test
    void theSocketOfAKilledServerIsReplacedByTheNext() throws Exception {
        server.kill();
        assertThat(server.socket()).exists();
        assertThatThrownBy(this::open).hasMessageContaining("start the server again");
        server = EmulateProcess.start(directory.path(), List.of("size=64M"));
        readOneBlock();
    }

    private static final class Outcomes implements Completion {
        private int completed;
        private final List<BlockIoException> failures = new ArrayList<>();

        @Override
        public void completed(long tag) {
            completed++;
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            failures.add(failure);
        }
    }
}
