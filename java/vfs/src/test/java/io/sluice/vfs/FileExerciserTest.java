package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.RamDevice;
import io.sluice.emulator.EmulatedController;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.LocalFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A million operations in all, on blocks of two sizes and largest transfers of a page, two and many, by one thread and by several on parts that meet within blocks. */
class FileExerciserTest {
    /** Of each run. */
    private static final int OPERATIONS = 100_000;

    private static final int STEPS_PER_CHECK = 5_000;
    private static final int PART_BYTES = 100_003;
    private static final int FIRST_BYTE = 333;

    private static void exercise(FileExerciser exerciser, int operations) throws IOException {
        for (int step = 1; exerciser.operations() < operations; step++) {
            exerciser.step();
            if (step % STEPS_PER_CHECK == 0) {
                exerciser.check();
            }
        }
    }

    private static void exercise(Path path, int threads, boolean caching, long seed) throws Exception {
        Random random = new Random(seed);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<FileExerciser> exercisers = new ArrayList<>();
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                FileExerciser exerciser = new FileExerciser(
                        path, FIRST_BYTE + (long) thread * PART_BYTES, PART_BYTES, caching, random.nextLong());
                exercisers.add(exerciser);
                ends.add(executor.submit(() -> {
                    exercise(exerciser, OPERATIONS / threads);
                    return exerciser;
                }));
            }
            for (Future<?> end : ends) {
                assertThat(end.get()).isNotNull();
            }
            for (FileExerciser exerciser : exercisers) {
                exerciser.check();
                exerciser.close();
                exerciser.check();
                assertThat(exerciser.checkedBytes()).isGreaterThan(PART_BYTES);
            }
        } catch (ExecutionException failure) {
            throw new AssertionError("seed " + seed, failure.getCause());
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "512, 7, 1, no", "512, 0, 1, no", "512, 1, 1, yes", "4096, 7, 1, no", "4096, 0, 1, yes",
        "512, 0, 4, no", "512, 7, 4, no", "4096, 1, 4, no", "512, 9, 4, yes", "4096, 7, 4, yes"
    })
    void everyByteIsWhatAModelSays(int blockBytes, int largestTransferShift, int threads, String caching)
            throws Exception {
        EmulatedController emulated = EmulatedController.builder()
                .name("exerciser")
                .maxTransferShift(largestTransferShift)
                .namespace(new RamDevice("ram", blockBytes, (1 << 20) / blockBytes))
                .build();
        try (NvmeController controller =
                        NvmeController.open(LocalFunction.owning(emulated), ControllerOptions.defaults());
                Disk disk = Disk.of(controller.namespace(1), "io_buffer", "256K", "queue_depth", 16, "in_flight", 8)) {
            exercise(disk.all(), threads, caching.equals("yes"), Long.getLong("sluice.seed", System.nanoTime()));
        }
    }
}
