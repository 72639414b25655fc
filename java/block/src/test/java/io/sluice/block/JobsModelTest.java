package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random jobs against a model; a failure names its seed, which {@code -Dsluice.seed=…} runs again. */
class JobsModelTest {
    private static final int SESSIONS = 3;
    private static final int STEPS = 125_000;
    private static final int ROUND = 2_500;

    static IntStream courses() {
        return IntStream.range(0, 8);
    }

    private static long seed(int course) {
        return Long.getLong("sluice.seed", new Random().nextLong() ^ course);
    }

    @ParameterizedTest
    @MethodSource("courses")
    void everyByteIsWhatTheModelSays(int course) throws IOException {
        long seed = seed(course);
        try {
            run(seed);
        } catch (AssertionError | RuntimeException | IOException failure) {
            throw new AssertionError("seed " + seed, failure);
        }
    }

    private static void run(long seed) throws IOException {
        Random random = new Random(seed);
        try (RamDevice device = new RamDevice("ram", 512 << random.nextInt(2), 1 << 10)) {
            JobsModel[] models = new JobsModel[SESSIONS];
            for (int i = 0; i < SESSIONS; i++) {
                models[i] = open(device, i, random);
            }
            for (int step = 0; step < STEPS; step++) {
                models[random.nextInt(SESSIONS)].step();
                if (step % ROUND == 0) {
                    models[step / ROUND % SESSIONS].check();
                }
            }
            long failures = 0;
            long cancelled = 0;
            for (JobsModel model : models) {
                model.close();
                failures += model.failures();
                cancelled += model.cancelled();
                assertThat(model.checkedBytes()).isGreaterThan(100_000);
            }
            assertThat(failures).isGreaterThan(100);
            assertThat(cancelled).isGreaterThan(10);
        }
    }

    /** A window of its own with limits of its own. In the first one jobs wait for each other, so that there is always one that a cancel finds not begun. */
    private static JobsModel open(RamDevice device, int index, Random random) throws IOException {
        boolean crowded = index == 0;
        int depth = 1 + random.nextInt(crowded ? 4 : 24);
        int maxJobs = crowded ? 20 + random.nextInt(20) : 1 + random.nextInt(40);
        BlockSession session = device.open(SessionOptions.defaults()
                .writeable(true)
                .window(index * 100L + random.nextInt(50), 20 + random.nextInt(30))
                .bufferBytes(1 << 16)
                .queueDepth(1));
        Geometry whole = session.geometry();
        Geometry limited = new Geometry(
                whole.blockBytes(),
                whole.blockCount(),
                true,
                1 << random.nextInt(13),
                1 + random.nextInt(20),
                random.nextInt(5),
                random.nextInt(5),
                false);
        return new JobsModel(
                new ShuffledSession(session, limited, depth, random.nextLong())
                        .failureRate(0.002)
                        .patience(random.nextDouble() * 0.9),
                JobOptions.defaults().maxJobs(maxJobs),
                random.nextLong());
    }
}
