package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockDevice;
import io.sluice.block.Job;
import io.sluice.block.JobOptions;
import io.sluice.block.JobsModel;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.block.SharedOptions;
import io.sluice.block.SharedSession;
import io.sluice.block.WaitStrategy;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.LocalFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs and shared sessions on the driver over an emulated controller. */
class EmulatedJobsTest {
    private static final int SESSIONS = 3;
    private static final int STEPS = 30_000;
    private static final int ROUND = 3_000;

    private static NvmeController open(EmulatedController model, ControllerOptions options) throws IOException {
        return NvmeController.open(LocalFunction.owning(model), options);
    }

    private static EmulatedController.Builder model(String name, int blockBytes) throws IOException {
        return EmulatedController.builder().name(name).namespace(new RamDevice("ram", blockBytes, 1 << 14));
    }

    @ParameterizedTest
    @EnumSource(names = {"BLOCKS_512", "MDTS_1", "SMALL_QUEUES", "SCATTER_GATHER_LISTS"})
    void everyByteIsWhatTheModelSays(EmulatedShape shape) throws IOException {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        Random random = new Random(seed);
        try (NvmeController controller = open(shape.build(), shape.shape().options())) {
            BlockDevice device = controller.namespace(1);
            JobsModel[] models = new JobsModel[SESSIONS];
            for (int i = 0; i < SESSIONS; i++) {
                SessionOptions options = SessionOptions.defaults()
                        .writeable(true)
                        .window(1000L * i + random.nextInt(100), 20 + random.nextInt(40))
                        .bufferBytes(1 << 17)
                        .queueDepth(1 + random.nextInt(32));
                models[i] = new JobsModel(
                        device.open(options), JobOptions.defaults().maxJobs(1 + random.nextInt(40)), random.nextLong());
            }
            for (int step = 0; step < STEPS; step++) {
                models[random.nextInt(SESSIONS)].step();
                if (step % ROUND == 0) {
                    models[step / ROUND % SESSIONS].check();
                }
            }
            for (JobsModel model : models) {
                model.close();
                assertThat(model.checkedBytes()).isGreaterThan(10_000);
            }
        } catch (AssertionError | RuntimeException | IOException failure) {
            throw new AssertionError("seed " + seed, failure);
        }
    }

    static Stream<WaitStrategy> strategies() {
        return Stream.of(WaitStrategy.adaptive(), WaitStrategy.sleeping(), WaitStrategy.parking(20_000));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void manyThreadsShareASessionHoweverItWaits(WaitStrategy waiting) throws Exception {
        try (NvmeController controller = open(model("shared", 512).build(), ControllerOptions.defaults());
                SharedSession session = SharedSession.open(
                        controller.namespace(1),
                        SessionOptions.defaults().writeable(true).bufferBytes(1 << 18),
                        SharedOptions.defaults().maxJobs(16).waiting(waiting))) {
            List<Throwable> failures = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int mine = t;
                Thread thread = new Thread(() -> {
                    try {
                        exchange(session, mine);
                    } catch (Throwable failure) {
                        synchronized (failures) {
                            failures.add(failure);
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
        }
    }

    private static void exchange(SharedSession session, int mine) throws IOException {
        Random random = new Random(mine);
        byte[] data = new byte[777];
        for (int i = 0; i < 50; i++) {
            random.nextBytes(data);
            long position = (16L * i + mine) * data.length;
            session.write(position, ByteBuffer.wrap(data));
            ByteBuffer read = ByteBuffer.allocate(data.length);
            session.read(position, read);
            assertThat(read.array()).isEqualTo(data);
        }
    }

    @Test
    void aLargeJobOfAnotherMemoryIsWholeOnTheOtherSide() throws IOException {
        try (NvmeController controller =
                        open(model("large", 4096).maxTransferShift(5).build(), ControllerOptions.defaults());
                SharedSession session = SharedSession.open(
                        controller.namespace(1), SessionOptions.defaults().writeable(true), SharedOptions.defaults())) {
            byte[] data = new byte[8 << 20];
            new Random(1).nextBytes(data);
            session.write(4097, ByteBuffer.wrap(data));
            session.sync();
            byte[] back = new byte[data.length];
            session.read(4097, ByteBuffer.wrap(back));
            assertThat(back).isEqualTo(data);
            session.perform(Job.zero(4097, data.length));
            session.read(4097, ByteBuffer.wrap(back));
            assertThat(back).containsOnly(0);
        }
    }
}
