package io.sluice.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalFunctionTest {
    /** A device of a few registers that remembers what it is told. */
    private static final class Model implements FunctionModel {
        private final List<String> told = new ArrayList<>();
        private final Plain config = new Plain(256);
        private final Plain bar = new Plain(8192);
        private final ByteBuffer doorbells = ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN);
        private @Nullable FunctionHost host;

        @Override
        public String name() {
            return "model";
        }

        @Override
        public RegisterSpace config() {
            return config;
        }

        @Override
        public @Nullable RegisterSpace bar(int index) {
            return index == 0 ? bar : null;
        }

        @Override
        public List<SharedRegisters> shared(int index) {
            return List.of(new SharedRegisters(4096, doorbells));
        }

        @Override
        public int interruptCount() {
            return 3;
        }

        @Override
        public void connect(FunctionHost newHost) {
            told.add("connect");
            host = newHost;
        }

        FunctionHost host() {
            assertThat(host).isNotNull();
            return host;
        }

        @Override
        public void memoryChanged() {
            told.add("memory " + host().memory().pieces());
        }

        @Override
        public void reset() {
            told.add("reset");
            for (int at = 0; at < 256; at += 4) {
                config.write32(at, 0);
            }
        }

        @Override
        public void disconnect() {
            told.add("disconnect");
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    private record Plain(ByteBuffer values) implements RegisterSpace {
        Plain(int size) {
            this(ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN));
        }

        @Override
        public long size() {
            return values.capacity();
        }

        @Override
        public int read32(long offset) {
            return values.getInt((int) offset);
        }

        @Override
        public void write32(long offset, int value) {
            values.putInt((int) offset, value);
        }

        @Override
        public long read64(long offset) {
            return values.getLong((int) offset);
        }

        @Override
        public void write64(long offset, long value) {
            values.putLong((int) offset, value);
        }

        @Override
        public @Nullable ByteBuffer mapped(long offset, int length) {
            return null;
        }
    }

    private final Model model = new Model();

    @Test
    void registersAreThoseOfTheModel() throws IOException {
        try (LocalFunction function = LocalFunction.connect(model)) {
            RegisterSpace bar = function.bar(0);
            bar.write32(8, 5);
            bar.write64(16, 6);
            assertThat(model.bar.read32(8)).isEqualTo(5);
            assertThat(bar.read64(16)).isEqualTo(6);
            assertThat(function.name()).isEqualTo("model");
            assertThatThrownBy(() -> function.bar(1)).isInstanceOf(PciSetupException.class);
            assertThatThrownBy(() -> function.bar(6)).isInstanceOf(IndexOutOfBoundsException.class);
            for (long offset : new long[] {-4, 2, 8192, Long.MAX_VALUE - 3}) {
                assertThatThrownBy(() -> bar.read32(offset)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> bar.write64(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
        assertThat(model.told).containsExactly("connect", "disconnect");
    }

    @Test
    void sharedRegistersAreMappedAndNothingElseIs() throws IOException {
        try (LocalFunction function = LocalFunction.connect(model)) {
            RegisterSpace bar = function.bar(0);
            ByteBuffer doorbell = bar.mapped(4096 + 8, 4);
            assertThat(doorbell).isNotNull();
            doorbell.putInt(0, 77);
            assertThat(model.doorbells.getInt(8)).isEqualTo(77);
            assertThat(doorbell.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(bar.mapped(0, 4)).isNull();
            assertThat(bar.mapped(4092, 8)).isNull();
            assertThatThrownBy(() -> bar.mapped(8190, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void memoryIsZeroedAlignedAndKnownToTheModelWhileItIsOpen() throws IOException {
        try (LocalFunction function = LocalFunction.connect(model)) {
            DmaMemory first = function.allocate(1);
            DmaMemory second = function.allocate(5000);
            assertThat(first.size()).isEqualTo(4096);
            assertThat(second.size()).isEqualTo(8192);
            assertThat(second.buffer().alignmentOffset(0, 4096)).isZero();
            assertThat(second.deviceAddress() % 4096).isZero();
            assertThat(second.buffer().mismatch(ByteBuffer.allocate(8192))).isEqualTo(-1);
            DmaMap map = model.host().memory();
            int piece = map.find(second.deviceAddress() + 4100);
            second.buffer().putInt(4100, 9);
            assertThat(map.memory(piece).getInt(map.position(piece, second.deviceAddress() + 4100)))
                    .isEqualTo(9);
            second.close();
            second.close();
            assertThat(model.told).containsExactly("connect", "memory 1");
            assertThat(model.host().memory().find(second.deviceAddress())).isNegative();
            assertThat(function.allocate(8192).deviceAddress()).isEqualTo(second.deviceAddress());
            for (long bytes : new long[] {0, -1, (1 << 30) + 1L, Long.MAX_VALUE}) {
                assertThatThrownBy(() -> function.allocate(bytes)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void interruptsAreRememberedAndThoseThatAreNoneIgnored() throws IOException {
        try (LocalFunction function = LocalFunction.connect(model)) {
            model.host().interrupt(0);
            List<Interrupt> interrupts = function.enableInterrupts(2);
            for (int vector : new int[] {-1, 1, 1, 2, Integer.MAX_VALUE}) {
                model.host().interrupt(vector);
            }
            assertThat(interrupts.get(0).await(0)).isFalse();
            assertThat(interrupts.get(1).await(-1)).isTrue();
            assertThat(interrupts.get(1).await(0)).isFalse();
            assertThat(interrupts.get(1).await(1_000_000)).isFalse();
            assertThatThrownBy(() -> function.enableInterrupts(4)).isInstanceOf(PciSetupException.class);
            List<Interrupt> none = function.enableInterrupts(0);
            model.host().interrupt(1);
            assertThat(none).isEmpty();
            assertThat(interrupts.get(1).await(0)).isFalse();
        }
    }

    @Test
    void anInterruptOrTheEndOfTheFunctionWakesWhoWaits() throws Exception {
        LocalFunction function = LocalFunction.connect(model);
        Interrupt interrupt = function.enableInterrupts(1).get(0);
        List<Object> results = new CopyOnWriteArrayList<>();
        Thread waiter = new Thread(() -> {
            try {
                // An interrupted thread waits like any other.
                Thread.currentThread().interrupt();
                results.add(interrupt.await(-1));
                results.add(Thread.interrupted());
                results.add(interrupt.await(-1));
            } catch (IOException closed) {
                results.add(closed);
            }
        });
        waiter.start();
        model.host().interrupt(0);
        while (results.size() < 2 && waiter.isAlive()) {
            Thread.onSpinWait();
        }
        function.close();
        waiter.join();
        assertThat(results.subList(0, 2)).containsExactly(true, true);
        assertThat(results.get(2)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void theDeviceReachesOtherMemoryUntilItIsClosed() throws IOException {
        try (LocalFunction function = LocalFunction.connect(model)) {
            ByteBuffer other = ByteBuffer.allocateDirect(5001).slice(1, 5000);
            other.position(100).limit(200);
            DmaMemory mapped = function.map(other).orElseThrow();
            DmaMemory next = function.map(other.asReadOnlyBuffer()).orElseThrow();
            assertThat(mapped.size()).isEqualTo(5000);
            assertThat(mapped.deviceAddress() % 4096).isZero();
            DmaMap map = model.host().memory();
            int piece = map.find(mapped.deviceAddress() + 4999);
            assertThat(map.available(piece, mapped.deviceAddress())).isEqualTo(5000);
            assertThat(map.find(mapped.deviceAddress() + 5000)).isNegative();
            assertThat(map.writeable(piece)).isTrue();
            assertThat(map.writeable(map.find(next.deviceAddress()))).isFalse();
            map.memory(piece).put(150, (byte) 7);
            assertThat(other.get(150)).isEqualTo((byte) 7);

            mapped.close();
            mapped.close();
            assertThat(model.host().memory().find(mapped.deviceAddress())).isNegative();
            assertThatThrownBy(() -> function.map(ByteBuffer.allocate(4096)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> function.map(ByteBuffer.allocateDirect(0)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        LocalFunction closed = LocalFunction.connect(model);
        closed.close();
        assertThatThrownBy(() -> closed.map(ByteBuffer.allocateDirect(8))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aResetRestoresTheConfigurationSpace() throws IOException {
        try (LocalFunction function = LocalFunction.connect(model)) {
            function.config().write32(4, 0x0010_0406);
            function.config().write32(0x10, 0xfe00_0004);
            function.reset();
            assertThat(function.config().read32(4)).isEqualTo(0x0406);
            assertThat(function.config().read32(0x10)).isEqualTo(0xfe00_0004);
            assertThat(model.told).containsExactly("connect", "reset");
        }
    }

    @Test
    void afterCloseEverythingIsHarmless() throws IOException {
        LocalFunction function = LocalFunction.owning(model);
        RegisterSpace bar = function.bar(0);
        ByteBuffer doorbell = bar.mapped(4096, 4);
        DmaMemory memory = function.allocate(4096);
        Interrupt interrupt = function.enableInterrupts(1).get(0);
        function.close();
        function.close();
        assertThat(model.told).containsExactly("connect", "disconnect", "close");
        assertThat(model.host().memory().pieces()).isZero();
        assertThat(bar.read32(0)).isEqualTo(-1);
        assertThat(bar.read64(0)).isEqualTo(-1);
        assertThat(function.config().read32(0)).isEqualTo(-1);
        bar.write32(0, 3);
        assertThat(model.bar.read32(0)).isZero();
        doorbell.putInt(0, 1);
        memory.buffer().putInt(0, 1);
        memory.close();
        model.host().interrupt(0);
        assertThat(function.removalRequested()).isFalse();
        assertThatThrownBy(() -> interrupt.await(0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> function.bar(0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> function.allocate(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> function.enableInterrupts(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(function::reset).isInstanceOf(ClosedChannelException.class);
    }
}
