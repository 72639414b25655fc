package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeometryTest {
    private static final Geometry DEVICE = new Geometry(4096, 1000, true, 4, 256, 512, 128, true);

    @Test
    void aWindowIsADeviceOfItsOwnSize() {
        assertThat(DEVICE.window(0, 10, true)).isEqualTo(new Geometry(4096, 10, true, 4, 256, 512, 128, true));
        assertThat(DEVICE.window(0, 10, false).writeable()).isFalse();
    }

    @Test
    void aWindowOfAReadOnlyDeviceIsReadOnly() {
        assertThat(DEVICE.window(0, 10, false).window(0, 5, true).writeable()).isFalse();
    }

    @Test
    void theLargestTransferCanBeNarrowed() {
        assertThat(DEVICE.maxTransferBlocks(3).maxTransferBlocks()).isEqualTo(3);
        assertThat(DEVICE.maxTransferBlocks(3).maxTransferBlocks(256)).isEqualTo(DEVICE);
    }

    @Test
    void theShiftIsThatOfTheBlockSize() {
        assertThat(DEVICE.blockShift()).isEqualTo(12);
        assertThat(new Geometry(512, 1, true, 1, 1, 0, 0, false).blockShift()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -4096, 256, 513, 4095, Integer.MIN_VALUE})
    void blockSizesArePowersOfTwoFrom512(int bytes) {
        assertThatThrownBy(() -> new Geometry(bytes, 1, true, 1, 1, 0, 0, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("block size of " + bytes + " bytes");
    }

    @Test
    void countsAreChecked() {
        assertThatThrownBy(() -> DEVICE.window(0, 0, true)).hasMessageContaining("0 blocks");
        assertThatThrownBy(() -> DEVICE.window(0, -1, true)).hasMessageContaining("-1 blocks");
        assertThatThrownBy(() -> DEVICE.maxTransferBlocks(0)).hasMessageContaining("at most 0 a transfer");
        assertThatThrownBy(() -> new Geometry(512, 1, true, 1, 1, -1, 0, false)).hasMessageContaining("-1 a trim");
        assertThatThrownBy(() -> new Geometry(512, 1, true, 1, 1, 0, -1, false))
                .hasMessageContaining("-1 a write-zeroes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6, -2})
    void alignmentIsAPowerOfTwo(int bytes) {
        assertThatThrownBy(() -> new Geometry(512, 1, true, bytes, 1, 0, 0, false))
                .hasMessageContaining("alignment of " + bytes);
    }

    @Test
    void aDeviceThatSaysNothingWritesOneBlockAtOnce() {
        assertThat(DEVICE.atomicWriteBlocks()).isEqualTo(1);
        assertThat(DEVICE.optimalWriteBlocks()).isEqualTo(1);
    }

    @Test
    void sizesOfWritesStayWithWindowsAndNarrowerTransfers() {
        Geometry known = DEVICE.writeBlocks(8, 16);
        assertThat(known.window(0, 10, true))
                .isEqualTo(DEVICE.window(0, 10, true).writeBlocks(8, 16));
        assertThat(known.maxTransferBlocks(3).atomicWriteBlocks()).isEqualTo(8);
        assertThat(known.maxTransferBlocks(3).optimalWriteBlocks()).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void writesHaveAtLeastOneBlock(int blocks) {
        assertThatThrownBy(() -> DEVICE.writeBlocks(blocks, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DEVICE.writeBlocks(1, blocks)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void boundariesMoveWithTheWindow() {
        Geometry bounded = DEVICE.boundary(IoBoundary.every(8));
        assertThat(bounded.window(0, 100, true).boundary()).isEqualTo(new IoBoundary(8, 0));
        assertThat(bounded.window(16, 100, true).boundary()).isEqualTo(new IoBoundary(8, 0));
        assertThat(bounded.window(3, 100, true).boundary()).isEqualTo(new IoBoundary(8, 5));
        assertThat(bounded.window(3, 100, true).window(6, 50, true).boundary()).isEqualTo(new IoBoundary(8, 7));
        assertThat(DEVICE.window(3, 100, true).boundary()).isEqualTo(IoBoundary.NONE);
        assertThat(bounded.maxTransferBlocks(3).writeBlocks(2, 2).boundary()).isEqualTo(IoBoundary.every(8));
    }

    @Test
    void aBoundaryIsAsFarAsItIs() {
        IoBoundary boundary = new IoBoundary(8, 5);
        assertThat(boundary.reach(0)).isEqualTo(5);
        assertThat(boundary.reach(4)).isEqualTo(1);
        assertThat(boundary.reach(5)).isEqualTo(8);
        assertThat(boundary.reach(Long.MAX_VALUE)).isBetween(1L, 8L);
        assertThat(IoBoundary.NONE.reach(7)).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> new IoBoundary(8, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IoBoundary(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
