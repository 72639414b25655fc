package io.sluice.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.linux.MappedMemory;
import io.sluice.linux.VfioDevice;
import io.sluice.linux.VfioRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file takes the place of the device: it is read, written and mapped by the same calls. */
class VfioRegistersTest {
    private static final int OFFSET = 0x1000;
    private static final int SIZE = 0x4000;

    @TempDir
    Path directory;

    private RandomAccessFile file;
    private VfioDevice device;
    private MappedMemory mapping;
    private VfioRegisters registers;

    @BeforeEach
    void makeDevice() throws IOException {
        Path path = directory.resolve("device");
        file = new RandomAccessFile(path.toFile(), "rw");
        file.setLength(OFFSET + SIZE);
        device = VfioDevice.openCharacterDevice(path.toString());
        mapping = device.map(OFFSET + 0x1000, 0x2000);
        registers = new VfioRegisters(
                device,
                new VfioRegion(0, SIZE, OFFSET, List.of(new VfioRegion.Area(0x1000, 0x2000))),
                List.of(new VfioRegisters.Part(0x1000, mapping.buffer())));
    }

    @AfterEach
    void closeDevice() throws IOException {
        mapping.close();
        device.close();
        file.close();
    }

    @Test
    void registersAreLittleEndianAndBelongToTheRegion() throws IOException {
        registers.write32(8, 0x11223344);
        registers.write64(16, 0x1122334455667788L);
        file.seek(OFFSET + 8);
        assertThat(file.readInt()).isEqualTo(0x44332211);
        assertThat(registers.read32(8)).isEqualTo(0x11223344);
        assertThat(registers.read64(16)).isEqualTo(0x1122334455667788L);
        assertThat(registers.read32(20)).isEqualTo(0x11223344);
        registers.write64(16, -2);
        assertThat(registers.read64(16)).isEqualTo(-2);
        assertThat(registers.size()).isEqualTo(SIZE);
    }

    @Test
    void accessOutsideOrAcrossIsRefused() {
        for (long offset : new long[] {-4, 2, SIZE, SIZE - 2, Long.MAX_VALUE & -4, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> registers.read32(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> registers.write32(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        for (long offset : new long[] {-8, 4, SIZE, SIZE - 4}) {
            assertThatThrownBy(() -> registers.read64(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> registers.write64(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> registers.mapped(SIZE, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> registers.mapped(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void onlyWhatLiesInAMappedPartAsAWholeIsMapped() {
        assertThat(registers.mapped(0xffc, 8)).isNull();
        assertThat(registers.mapped(0, 4)).isNull();
        assertThat(registers.mapped(0x2ffc, 8)).isNull();
        ByteBuffer doorbells = registers.mapped(0x2ffc, 4);
        assertThat(doorbells).isNotNull();
        doorbells.putInt(0, 77);
        assertThat(registers.read32(0x2ffc)).isEqualTo(77);
        assertThat(registers.mapped(0x1000, 0x2000)).isNotNull();
    }

    @Test
    void registersThatWentAwayReadAllOnesAndIgnoreWrites() throws IOException {
        file.setLength(OFFSET);
        for (int i = 0; i < 20_000; i++) {
            assertThat(registers.read32(0x1000)).isEqualTo(-1);
        }
        assertThat(registers.read64(8)).isEqualTo(-1);
    }

    @Test
    void closedDeviceReadsAllOnesAndItsMappingIsHarmless() throws IOException {
        ByteBuffer doorbells = registers.mapped(0x1000, 16);
        registers.write32(0x1000, 1);
        mapping.close();
        device.close();
        assertThat(registers.read32(0x1000)).isEqualTo(-1);
        assertThat(registers.read64(0)).isEqualTo(-1);
        registers.write32(0x1000, 2);
        doorbells.putInt(0, 3);
        file.seek(OFFSET + 0x1000);
        assertThat(file.readInt()).isEqualTo(0x01000000);
    }
}
