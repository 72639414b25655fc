package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.nvme.ControllerMemory.Piece;
import io.sluice.pci.PciFunction;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllerMemoryTest {
    private static final int PAGE_SHIFT = 12;
    private static final int BAR_BYTES = 0x8000;
    private static final Capabilities WITH_BUFFER =
            new Capabilities(64, true, 500, 4, 12, 12, 1, false, true, false, 0x1_0400);
    private static final Capabilities WITHOUT =
            new Capabilities(64, true, 500, 4, 12, 12, 1, false, false, false, 0x1_0400);

    private final Space registers = new Space(0x1000, true);
    private final Space bar = new Space(BAR_BYTES, true);

    /** Memory; what is written to it is remembered. */
    private static final class Space implements RegisterSpace {
        private final ByteBuffer bytes;
        private final boolean mapped;
        private final List<Long> written = new ArrayList<>();

        Space(int size, boolean mapped) {
            this.bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
            this.mapped = mapped;
        }

        @Override
        public long size() {
            return bytes.capacity();
        }

        @Override
        public int read32(long offset) {
            return bytes.getInt((int) offset);
        }

        @Override
        public void write32(long offset, int value) {
            written.add(offset);
            bytes.putInt((int) offset, value);
        }

        @Override
        public long read64(long offset) {
            return bytes.getLong((int) offset);
        }

        @Override
        public void write64(long offset, long value) {
            throw new AssertionError("which half would come first?");
        }

        @Override
        public @Nullable ByteBuffer mapped(long offset, int length) {
            return mapped ? bytes.slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN) : null;
        }
    }

    /** A function with BAR 2. */
    private PciFunction function() {
        return (PciFunction) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PciFunction.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("bar") && arguments[0].equals(2)) {
                        return bar;
                    }
                    throw new IOException("there is no such BAR");
                });
    }

    private void says(int location, int size) {
        registers.bytes.putInt(Registers.CMBLOC, location).putInt(Registers.CMBSZ, size);
    }

    private @Nullable ControllerMemory place() throws IOException {
        return ControllerMemory.place(function(), registers, WITH_BUFFER, PAGE_SHIFT);
    }

    private long control() {
        return registers.bytes.getLong(Registers.CMBMSC);
    }

    private static Piece taken(@Nullable Piece piece) {
        assertThat(piece).isNotNull();
        return piece;
    }

    @Test
    void theBufferIsPlacedWhereNoMemoryIs() throws IOException {
        says(2, 8 << 12 | 1);
        assertThat(place()).isNotNull();
        assertThat(control()).isEqualTo(1L << 63 | 3);
        int writes = registers.written.size();
        assertThat(registers.written.subList(writes - 2, writes))
                .as("what acts comes last")
                .containsExactly(Registers.CMBMSC + 4L, (long) Registers.CMBMSC);
    }

    @Test
    void piecesAreZeroedAndDoNotOverlapAndComeBack() throws IOException {
        says(2 | 1 << 12, 4 << 12 | 1);
        for (int at = 0; at < BAR_BYTES; at++) {
            bar.bytes.put(at, (byte) 0xff);
        }
        ControllerMemory memory = place();
        assertThat(memory).isNotNull();
        Piece first = taken(memory.take(4096));
        Piece second = taken(memory.take(8000));
        Piece third = taken(memory.take(64));
        assertThat(first.address()).isEqualTo(1L << 63);
        assertThat(second.address()).isEqualTo((1L << 63) + 4096);
        assertThat(third.address()).isEqualTo((1L << 63) + 3 * 4096);
        assertThat(memory.take(64)).as("four pages are taken").isNull();
        assertThat(bar.bytes.getLong(4088)).as("what lies before the buffer").isEqualTo(-1);
        assertThat(first.bytes().getLong(4088)).isZero();
        first.bytes().putLong(0, 7);
        assertThat(bar.bytes.getLong(4096)).isEqualTo(7);

        memory.giveBack(second);
        assertThat(memory.take(3 * 4096)).isNull();
        assertThat(taken(memory.take(2 * 4096)).address()).isEqualTo(second.address());
    }

    @ParameterizedTest(name = "CMBLOC {0}, CMBSZ {1}")
    @CsvSource({
        "0x00000002, 0x00008000", // no submission queues
        "0x00000002, 0x00000001", // no size
        "0x00008002, 0x00008001", // begins where the BAR ends
        "0xfffff002, 0x00008001", // begins far behind it
        "0xfffff002, 0xfffff601", // in units of 64 GiB
        "0x00000002, 0xfffff701", // a unit that does not exist
        "0xffffff02, 0xffffffff",
    })
    void aBufferThatCannotBeIsNotUsed(String location, String size) throws IOException {
        says(Long.decode(location).intValue(), Long.decode(size).intValue());
        assertThat(place()).isNull();
        assertThat(control()).isZero();
    }

    @Test
    void aBufferThatIsSaidToBeLargerThanItsBarEndsWithIt() throws IOException {
        says(2, 0xfffff << 12 | 2 << 8 | 1);
        ControllerMemory memory = place();
        assertThat(memory).isNotNull();
        assertThat(memory.take(BAR_BYTES + 1)).isNull();
        assertThat(memory.take(BAR_BYTES)).isNotNull();
    }

    @Test
    void aBufferInABarThatIsNotThereIsToldOf() {
        says(4, 8 << 12 | 1);
        assertThatThrownBy(this::place).hasMessage("there is no such BAR");
    }

    @Test
    void anAddressThatTheControllerRefusesIsTakenBack() throws IOException {
        says(2, 8 << 12 | 1);
        registers.bytes.putInt(Registers.CMBSTS, 1);
        assertThat(place()).isNull();
        assertThat(control()).isZero();
    }

    @Test
    void aBufferThatIsReachedByMessagesAloneIsNotUsed() throws IOException {
        says(2, 8 << 12 | 1);
        Space unmapped = new Space(BAR_BYTES, false);
        PciFunction function = (PciFunction) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PciFunction.class},
                (proxy, method, arguments) -> unmapped);
        assertThat(ControllerMemory.place(function, registers, WITH_BUFFER, PAGE_SHIFT))
                .isNull();
    }

    @Test
    void theRegistersOfAControllerWithoutABufferAreLeftAlone() throws IOException {
        assertThat(ControllerMemory.place(function(), registers, WITHOUT, PAGE_SHIFT))
                .isNull();
        ControllerMemory.remove(registers, WITHOUT);
        assertThat(registers.written).isEmpty();
    }
}
