package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.Priority;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.CommandFailedException;
import io.sluice.nvme.ControllerException;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.Feature;
import io.sluice.nvme.FeatureValue;
import io.sluice.nvme.IdleTransition;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.PowerControl;
import io.sluice.nvme.PriorityWeights;
import io.sluice.nvme.SglUse;
import io.sluice.pci.LocalFunction;
import io.sluice.pci.PciFunction;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver makes of what the controller offers for speed. */
class DriverOnOffersTest {
    private static final int CONTROLLER_MEMORY_BAR = 2;
    private static final int MIB = 1 << 20;

    private static final Completion SUCCESS = new Completion() {
        @Override
        public void completed(long tag) {}

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }
    };

    private static EmulatedController.Builder builder() {
        return EmulatedController.builder();
    }

    private static NvmeController open(EmulatedController.Builder builder, ControllerOptions options)
            throws IOException {
        return NvmeController.open(
                LocalFunction.owning(
                        builder.namespace(new RamDevice("ram", 512, 1 << 16)).build()),
                options);
    }

    private static void finish(BlockSession session) throws IOException {
        session.commit();
        while (session.inFlight() > 0) {
            if (session.poll(SUCCESS, 64) == 0) {
                assertThat(session.await(10_000_000_000L)).isTrue();
            }
        }
    }

    private static void writeAndReadBack(BlockSession session, int seed) throws IOException {
        long value = 0x5eed_0000L + seed;
        session.buffer().bytes().putLong(0, value);
        assertThat(session.submit(Operation.WRITE, seed, 1, session.buffer(), 0, 0))
                .isTrue();
        finish(session);
        assertThat(session.submit(Operation.READ, seed, 1, session.buffer(), 4096, 0))
                .isTrue();
        finish(session);
        assertThat(session.buffer().bytes().getLong(4096)).isEqualTo(value);
    }

    private static SessionOptions writeable() {
        return SessionOptions.defaults().writeable(true).bufferBytes(1 << 16);
    }

    @Test
    void submissionQueuesLieInTheControllersMemoryAsLongAsThereIsRoom() throws IOException {
        EmulatedController controller = builder()
                .memoryBufferBytes(8192)
                .namespace(new RamDevice("ram", 512, 1 << 16))
                .build();
        PciFunction function = LocalFunction.owning(controller);
        try (NvmeController driver =
                NvmeController.open(function, ControllerOptions.defaults().memoryBufferQueues(true))) {
            assertThat(driver.inUse().memoryBufferQueues()).isTrue();
            // 63 entries take a page: two queues fit, and the third goes to the memory of the host.
            SessionOptions options = writeable().queueDepth(62);
            for (int round = 0; round < 3; round++) {
                try (BlockSession first = driver.namespace(1).open(options);
                        BlockSession second = driver.namespace(1).open(options);
                        BlockSession third = driver.namespace(1).open(options)) {
                    for (BlockSession session : List.of(first, second, third)) {
                        for (int i = 0; i < 150; i++) {
                            writeAndReadBack(session, i);
                        }
                    }
                    for (int page = 0; page < 2; page++) {
                        assertThat(function.bar(CONTROLLER_MEMORY_BAR).read32(4096L * page) & 0xff)
                                .as("a read or a write of 512 bytes stands at the start of page " + page)
                                .isBetween(1, 2);
                    }
                }
            }
            assertThat(controller.failure()).isNull();
        }
    }

    @Test
    void aQueueThatIsLargerThanTheControllersMemoryLiesInTheHosts() throws IOException {
        try (NvmeController driver = open(
                        builder().memoryBufferBytes(4096),
                        ControllerOptions.defaults().memoryBufferQueues(true));
                BlockSession session = driver.namespace(1).open(writeable().queueDepth(128))) {
            writeAndReadBack(session, 1);
        }
    }

    @Test
    void withoutControllerMemoryQueuesLieInTheHosts() throws IOException {
        try (NvmeController driver =
                        open(builder(), ControllerOptions.defaults().memoryBufferQueues(true));
                BlockSession session = driver.namespace(1).open(writeable())) {
            assertThat(driver.inUse().memoryBufferQueues()).isFalse();
            writeAndReadBack(session, 1);
        }
    }

    @Test
    void memoryThatIsLentIsLeftAloneAndComesBackWhole() throws IOException {
        EmulatedController controller = builder()
                .hostMemory(8 * MIB, 2 * MIB, 0, 0)
                .namespace(new RamDevice("ram", 512, 1 << 16))
                .build();
        try (controller) {
            for (int life = 0; life < 3; life++) {
                try (NvmeController driver = NvmeController.open(
                                LocalFunction.connect(controller),
                                ControllerOptions.defaults().maxHostMemoryBytes(4 * MIB));
                        BlockSession session = driver.namespace(1).open(writeable())) {
                    assertThat(driver.inUse().hostMemoryBytes()).isEqualTo(4 * MIB);
                    for (int i = 0; i < 100; i++) {
                        writeAndReadBack(session, i);
                    }
                    // Closing fails when a mark is not what it was.
                }
                assertThat(controller.failure()).isNull();
            }
        }
    }

    @Test
    void whereNothingIsOfferedEverythingIsLeftAway() throws IOException {
        ControllerOptions all = ControllerOptions.defaults()
                .memoryBufferQueues(true)
                .maxHostMemoryBytes(MIB)
                .sglUse(SglUse.ALWAYS);
        try (NvmeController driver = open(builder().scatterGatherLists(false).doorbellBuffers(false), all);
                BlockSession session = driver.namespace(1).open(writeable())) {
            assertThat(driver.inUse().shadowDoorbells()).isFalse();
            assertThat(driver.inUse().hostMemoryBytes()).isZero();
            assertThat(driver.inUse().sglUse()).isEqualTo(SglUse.NEVER);
            assertThat(driver.inUse().priorities()).isFalse();
            writeAndReadBack(session, 1);
        }
    }

    /** A device that writes down which blocks were asked for, and whose first operation waits until it is let go. */
    private static final class Gate {
        private final List<Long> blocks = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        BlockDevice before(BlockDevice device) {
            return wrap(BlockDevice.class, (proxy, method, arguments) -> {
                Object result = method.invoke(device, arguments);
                return result instanceof BlockSession session ? before(session) : result;
            });
        }

        private BlockSession before(BlockSession session) {
            return wrap(BlockSession.class, (proxy, method, arguments) -> {
                if (method.getName().equals("submit") && arguments[1] instanceof Long block) {
                    if (blocks.isEmpty()) {
                        arrived.countDown();
                        open.await();
                    }
                    blocks.add(block);
                }
                return method.invoke(session, arguments);
            });
        }

        private static <T> T wrap(Class<T> type, InvocationHandler handler) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        try {
                            return handler.invoke(proxy, method, arguments);
                        } catch (InvocationTargetException failure) {
                            throw failure.getCause();
                        }
                    }));
        }
    }

    /** Which thousand of blocks each of the first operations was of, when sessions of all priorities have more to do than there is time for. */
    private static List<Long> orderOf(ControllerOptions options, int operations) throws Exception {
        Gate gate = new Gate();
        EmulatedController controller = builder()
                .namespace(gate.before(new RamDevice("ram", 512, 1 << 16)))
                .build();
        try (NvmeController driver = NvmeController.open(LocalFunction.owning(controller), options)) {
            List<BlockSession> sessions = new ArrayList<>();
            for (Priority priority : List.of(Priority.LOW, Priority.MEDIUM, Priority.HIGH, Priority.URGENT)) {
                sessions.add(
                        driver.namespace(1).open(writeable().priority(priority).queueDepth(500)));
            }
            BlockSession first = sessions.get(3);
            assertThat(first.submit(Operation.READ, 0, 1, first.buffer(), 0, 0)).isTrue();
            first.commit();
            // While the controller is busy with that, all queues fill.
            gate.arrived.await();
            for (int i = 0; i < sessions.size(); i++) {
                BlockSession session = sessions.get(i);
                for (int block = 0; block < 400; block++) {
                    assertThat(session.submit(Operation.READ, 1000L * (i + 1) + block, 1, session.buffer(), 0, 0))
                            .isTrue();
                }
                session.commit();
            }
            gate.open.countDown();
            for (BlockSession session : sessions) {
                finish(session);
                session.close();
            }
        }
        return gate.blocks.subList(1, 1 + operations).stream()
                .map(block -> block / 1000)
                .toList();
    }

    private static long count(List<Long> order, int from, int to, long session) {
        return order.subList(from, to).stream()
                .filter(which -> which == session)
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64})
    void sessionsGetTheShareOfTheirPriorities(int burst) throws Exception {
        int rounds = 10;
        List<Long> order = orderOf(
                ControllerOptions.defaults().priorityWeights(new PriorityWeights(16, 8, 2, burst)),
                400 + rounds * (16 + 8 + 2));
        assertThat(count(order, 0, 400, 4)).as("urgent ones first").isEqualTo(400);
        assertThat(count(order, 400, order.size(), 3)).as("high").isEqualTo(16L * rounds);
        assertThat(count(order, 400, order.size(), 2)).as("medium").isEqualTo(8L * rounds);
        assertThat(count(order, 400, order.size(), 1)).as("low").isEqualTo(2L * rounds);
    }

    @Test
    void withoutWeightsSessionsTakeTurnsWhateverTheirPriority() throws Exception {
        // Bursts of 32 are what the controller starts with.
        List<Long> order = orderOf(ControllerOptions.defaults(), 4 * 64);
        for (long session = 1; session <= 4; session++) {
            assertThat(count(order, 0, 4 * 64, session)).isBetween(32L, 96L);
        }
    }

    @Test
    void theWriteCacheIsSwitched() throws IOException {
        try (NvmeController driver = open(builder(), ControllerOptions.defaults());
                BlockSession session = driver.namespace(1).open(writeable())) {
            assertThat(driver.writeCacheEnabled()).isTrue();
            driver.enableWriteCache(false, false);
            assertThat(driver.writeCacheEnabled()).isFalse();
            assertThat(driver.feature(Feature.VOLATILE_WRITE_CACHE, FeatureValue.DEFAULT))
                    .isEqualTo(1);
            writeAndReadBack(session, 3);
            assertThatThrownBy(() -> driver.enableWriteCache(true, true))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("Feature Identifier Not Saveable");
        }
        try (NvmeController driver = open(builder().volatileWriteCache(false), ControllerOptions.defaults())) {
            assertThat(driver.writeCacheEnabled()).isFalse();
            assertThatThrownBy(() -> driver.enableWriteCache(true, false))
                    .isInstanceOf(ControllerException.class)
                    .hasMessageContaining("no volatile write cache");
        }
    }

    @Test
    void powerStatesAreReadAndEntered() throws IOException {
        try (NvmeController driver = open(builder(), ControllerOptions.defaults())) {
            PowerControl power = driver.power();
            assertThat(power.states()).hasSize(3);
            assertThat(power.states().get(0).maxMicrowatts()).isEqualTo(25_000_000);
            assertThat(power.states().get(2).operational()).isFalse();
            assertThat(power.states().get(2).exitMicros()).isEqualTo(15_000);
            assertThat(power.state()).isZero();
            power.state(2);
            assertThat(power.state()).isEqualTo(2);
            assertThatThrownBy(() -> power.state(3))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("power states 0 to 2");
        }
    }

    @Test
    void theControllerIsToldWhenToChangeItsPowerStateByItself() throws IOException {
        try (NvmeController driver = open(builder(), ControllerOptions.defaults())) {
            PowerControl power = driver.power();
            assertThat(power.idleTransitions()).isEmpty();
            List<IdleTransition> wanted =
                    List.of(new IdleTransition(0, 2, 100), new IdleTransition(1, 2, (1 << 24) - 1));
            power.idleTransitions(wanted);
            assertThat(power.idleTransitions()).isEqualTo(wanted);
            assertThatThrownBy(() -> power.idleTransitions(List.of(new IdleTransition(0, 1, 5))))
                    .as("state 1 executes commands")
                    .isInstanceOf(CommandFailedException.class);
            assertThatThrownBy(() ->
                            power.idleTransitions(List.of(new IdleTransition(0, 2, 5), new IdleTransition(0, 2, 6))))
                    .isInstanceOf(IllegalArgumentException.class);
            power.idleTransitions(List.of());
            assertThat(power.idleTransitions()).isEmpty();
        }
    }

    @Test
    void featuresThatTransferDataAreNotReadWithoutAPlaceForIt() throws IOException {
        try (NvmeController driver = open(builder().hostMemory(MIB, 0, 0, 0), ControllerOptions.defaults())) {
            for (Feature feature : List.of(Feature.AUTONOMOUS_POWER_STATES, Feature.HOST_MEMORY_BUFFER)) {
                assertThatThrownBy(() -> driver.feature(feature)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> driver.setFeature(feature, 1, false))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
