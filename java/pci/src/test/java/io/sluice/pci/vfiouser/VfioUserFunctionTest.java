package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.linux.MappedMemory;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import io.sluice.pci.DmaMemory;
import io.sluice.pci.Interrupt;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VfioUserFunctionTest {
    private ServedDevice served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedDevice();
    }

    @AfterEach
    void end() throws IOException {
        served.close();
    }

    @Test
    void registersAreReachedByMessages() throws IOException {
        try (VfioUserFunction function = served.open()) {
            RegisterSpace bar = function.bar(0);
            assertThat(bar.size()).isEqualTo(CopyDevice.BAR_BYTES);
            assertThat(bar.read32(0)).isEqualTo(CopyDevice.IDENTITY);
            bar.write64(CopyDevice.SCRATCH, 0x1122334455667788L);
            assertThat(bar.read64(CopyDevice.SCRATCH)).isEqualTo(0x1122334455667788L);
            assertThat(bar.read32(CopyDevice.SCRATCH + 4)).isEqualTo(0x11223344);
            assertThat(bar.mapped(0, 8)).isNull();
            assertThat(function.config().read32(0)).isEqualTo(0x0001_5c0b);
            assertThat(function.config().read64(0)).isEqualTo(0x0010_0406_0001_5c0bL);
            assertThatThrownBy(() -> bar.read32(2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> function.bar(1)).hasMessageContaining("no BAR 1");
        }
    }

    @Test
    void sharedRegistersAreMapped() throws IOException {
        try (VfioUserFunction function = served.open()) {
            RegisterSpace bar = function.bar(0);
            ByteBuffer doorbells = bar.mapped(CopyDevice.SHARED, CopyDevice.SHARED_BYTES);
            assertThat(doorbells).isNotNull();
            doorbells.putInt(8, 4711);
            assertThat(served.device.shared().getInt(8)).isEqualTo(4711);
            assertThat(bar.read32(CopyDevice.SHARED + 8)).isEqualTo(4711);
            assertThat(bar.mapped(CopyDevice.SHARED - 4, 8)).isNull();
        }
    }

    @Test
    void theDeviceReachesMemoryUntilItIsClosed() throws IOException {
        try (VfioUserFunction function = served.open()) {
            RegisterSpace bar = function.bar(0);
            DmaMemory from = function.allocate(10_000);
            DmaMemory to = function.allocate(4 << 20);
            from.buffer().putLong(5000, 0x0102030405060708L);
            assertThat(copy(bar, from.deviceAddress() + 5000, to.deviceAddress() + (3 << 20), 8))
                    .isEqualTo(CopyDevice.RESULT_DONE);
            assertThat(to.buffer().getLong(3 << 20)).isEqualTo(0x0102030405060708L);
            from.close();
            assertThat(copy(bar, from.deviceAddress(), to.deviceAddress(), 8)).isEqualTo(CopyDevice.RESULT_UNREACHABLE);
            from.buffer().putLong(0, 1);
            assertThat(served.device.memoryChanges.get()).isEqualTo(3);
        }
    }

    @Test
    void theDeviceReachesOtherMemoryThatHasAFile() throws IOException {
        try (VfioUserFunction function = served.open();
                SharedMemory shared = SharedMemory.allocate("other", 1 << 20, PageChoice.PLAIN);
                MappedMemory other = MappedMemory.shareable(shared.descriptor(), 4096, 1 << 19, true)) {
            RegisterSpace bar = function.bar(0);
            ByteBuffer part = other.buffer().slice(8192, 16384);
            DmaMemory mapped = function.map(part).orElseThrow();
            DmaMemory own = function.allocate(4096);
            assertThat(mapped.size()).isEqualTo(16384);
            part.putLong(40, Long.reverseBytes(0x0102030405060708L));
            assertThat(copy(bar, mapped.deviceAddress() + 40, own.deviceAddress(), 8))
                    .isEqualTo(CopyDevice.RESULT_DONE);
            assertThat(own.buffer().getLong(0)).isEqualTo(0x0102030405060708L);
            assertThat(copy(bar, own.deviceAddress(), mapped.deviceAddress() + 16376, 8))
                    .isEqualTo(CopyDevice.RESULT_DONE);
            assertThat(other.buffer().getLong(8192 + 16376)).isEqualTo(0x0102030405060708L);

            mapped.close();
            assertThat(copy(bar, mapped.deviceAddress(), own.deviceAddress(), 8))
                    .isEqualTo(CopyDevice.RESULT_UNREACHABLE);
            part.putLong(0, 1);
        }
    }

    @Test
    void theDeviceOnlyReadsOtherMemoryThatIsReadOnly() throws IOException {
        try (VfioUserFunction function = served.open();
                SharedMemory shared = SharedMemory.allocate("other", 8192, PageChoice.PLAIN);
                MappedMemory other = MappedMemory.shareable(shared.descriptor(), 0, 8192, false)) {
            RegisterSpace bar = function.bar(0);
            DmaMemory mapped = function.map(other.buffer()).orElseThrow();
            DmaMemory own = function.allocate(4096);
            assertThat(copy(bar, mapped.deviceAddress(), own.deviceAddress(), 8))
                    .isEqualTo(CopyDevice.RESULT_DONE);
            assertThat(copy(bar, own.deviceAddress(), mapped.deviceAddress(), 8))
                    .isEqualTo(CopyDevice.RESULT_UNREACHABLE);
        }
    }

    @Test
    void otherMemoryWithoutAFileIsNotReached() throws IOException {
        try (VfioUserFunction function = served.open();
                SharedMemory shared = SharedMemory.allocate("other", 8192, PageChoice.PLAIN);
                MappedMemory other = MappedMemory.shareable(shared.descriptor(), 0, 8192, true)) {
            ByteBuffer plain =
                    ByteBuffer.allocateDirect(16384).alignedSlice(4096).slice(0, 4096);
            assertThat(function.map(plain)).isEmpty();
            assertThat(function.map(other.buffer().slice(8, 4096))).isEmpty();
            assertThat(function.map(other.buffer().slice(0, 100))).isEmpty();
            assertThatThrownBy(() -> function.map(ByteBuffer.allocate(4096)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void interruptsOfEveryVectorArriveWhereTheyBelong() throws IOException {
        try (VfioUserFunction function = served.open()) {
            assertThat(function.interruptCount()).isEqualTo(CopyDevice.INTERRUPTS);
            assertThat(served.device.config(CopyDevice.MSIX_CAPABILITY) >>> 31).isZero();
            List<Interrupt> interrupts = function.enableInterrupts(CopyDevice.INTERRUPTS);
            assertThat(served.device.config(CopyDevice.MSIX_CAPABILITY) >>> 31).isEqualTo(1);
            RegisterSpace bar = function.bar(0);
            for (int vector = 0; vector < CopyDevice.INTERRUPTS; vector++) {
                assertThat(interrupts.get(vector).await(0)).isFalse();
                bar.write32(CopyDevice.BYTES, vector);
                bar.write32(CopyDevice.COMMAND, CopyDevice.COMMAND_INTERRUPT);
                assertThat(interrupts.get(vector).await(0)).isTrue();
            }
            function.enableInterrupts(0);
            assertThat(served.device.config(CopyDevice.MSIX_CAPABILITY) >>> 31).isZero();
            bar.write32(CopyDevice.COMMAND, CopyDevice.COMMAND_INTERRUPT);
            assertThat(bar.read32(CopyDevice.RESULT)).isEqualTo(CopyDevice.RESULT_DONE);
        }
    }

    @Test
    void aFunctionIsResetAndItsBusMasterIsOnAgain() throws IOException {
        try (VfioUserFunction function = served.open()) {
            function.bar(0).write32(CopyDevice.SCRATCH, 5);
            function.reset();
            assertThat(served.device.resets.get()).isEqualTo(1);
            assertThat(function.bar(0).read32(CopyDevice.SCRATCH)).isZero();
            assertThat(served.device.config(4) & 0xffff).isEqualTo(0x406);
        }
    }

    @Test
    void aClosedFunctionThrowsAndReadsAllOnes() throws Exception {
        VfioUserFunction function = served.open();
        RegisterSpace bar = function.bar(0);
        DmaMemory memory = function.allocate(4096);
        ByteBuffer doorbells = bar.mapped(CopyDevice.SHARED, 4);
        List<Interrupt> interrupts = function.enableInterrupts(2);
        function.close();
        function.close();
        assertThat(bar.read32(0)).isEqualTo(-1);
        assertThat(bar.read64(0)).isEqualTo(-1);
        assertThat(function.config().read32(0)).isEqualTo(-1);
        bar.write32(CopyDevice.SCRATCH, 1);
        doorbells.putInt(0, 1);
        memory.buffer().putInt(0, 1);
        memory.close();
        assertThatThrownBy(() -> function.bar(0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> function.allocate(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> function.enableInterrupts(1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(function::reset).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> interrupts.get(0).await(0)).isInstanceOf(ClosedChannelException.class);
        assertThat(function.removalRequested()).isFalse();
        assertThat(served.departure()).isEqualTo("it left");
        assertThat(served.device.hasHost()).isFalse();
    }

    @Test
    void theNextClientIsServedAfterTheOneBeforeAndFindsTheDeviceAsNew() throws Exception {
        try (VfioUserFunction function = served.open()) {
            function.bar(0).write32(CopyDevice.SCRATCH, 5);
            function.allocate(4096);
        }
        try (VfioUserFunction function = served.open()) {
            assertThat(function.bar(0).read32(CopyDevice.SCRATCH)).isZero();
            assertThat(served.device.hostMemory().pieces()).isZero();
        }
        assertThat(served.departure()).isEqualTo("it left");
        assertThat(served.departure()).isEqualTo("it left");
    }

    @Test
    void aServerThatEndsLeavesExceptionsAndAllOnes() throws IOException {
        try (VfioUserFunction function = served.open()) {
            RegisterSpace bar = function.bar(0);
            ByteBuffer doorbells = bar.mapped(CopyDevice.SHARED, 4);
            DmaMemory memory = function.allocate(4096);
            assertThat(function.removalRequested()).isFalse();
            served.server.close();
            assertThat(function.removalRequested()).isTrue();
            assertThat(bar.read32(0)).isEqualTo(-1);
            bar.write32(CopyDevice.SCRATCH, 1);
            doorbells.putInt(0, 1);
            memory.buffer().putInt(0, 1);
            assertThatThrownBy(() -> function.allocate(4096))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(served.path.toString())
                    .hasMessageContaining("open it again");
            memory.close();
        }
    }

    private static int copy(RegisterSpace bar, long from, long to, int bytes) {
        bar.write64(CopyDevice.FROM, from);
        bar.write64(CopyDevice.TO, to);
        bar.write32(CopyDevice.BYTES, bytes);
        bar.write32(CopyDevice.COMMAND, CopyDevice.COMMAND_COPY);
        return bar.read32(CopyDevice.RESULT);
    }
}
