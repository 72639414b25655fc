package io.sluice.system.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.vfs.FileExerciser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The file system plugin on drives that are reached through VFIO. */
class VfioFiles {
    private static final int OPERATIONS = 10_000;
    private static final int FIRST_BYTE = 333;
    private static final int PART_BYTES = 100_003;

    static Stream<VfioController> controllers() {
        return new VfioControllers().labs().stream();
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void everyByteIsWhatAModelSays(VfioController lab) throws IOException {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        try (NvmeController controller = NvmeController.open(lab.open(), ControllerOptions.defaults());
                FileSystem fileSystem = FileSystems.newFileSystem(
                        URI.create("sluice:guest"),
                        Map.of("device", controller.namespace(1), "writeable", "yes", "io_buffer", "256K"));
                FileExerciser exerciser =
                        new FileExerciser(fileSystem.getPath("/disk"), FIRST_BYTE, PART_BYTES, true, seed)) {
            while (exerciser.operations() < OPERATIONS) {
                exerciser.step();
            }
            exerciser.check();
            assertThat(exerciser.checkedBytes()).isGreaterThan(PART_BYTES);
        } catch (AssertionError | IOException failure) {
            throw new AssertionError("seed " + seed, failure);
        }
    }
}
