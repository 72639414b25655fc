package io.sluice.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.Geometry;
import io.sluice.linux.BlockLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NvmeNodeTest {
    private static final Optional<BlockLimits> LIMITS =
            Optional.of(new BlockLimits("nvme0n1", 4096, 4, 512 << 10, 127, 1L << 40, 1 << 20, true));

    private final ByteBuffer namespace = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer controller = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    NvmeNodeTest() {
        namespace.putLong(0, 1000);
        format(0, 12, 0);
        controller.put(77, (byte) 5);
        controller.putShort(520, (short) (1 << 2 | 1 << 3));
        controller.put(525, (byte) 1);
    }

    private void format(int index, int dataShift, int metadataBytes) {
        namespace.putShort(128 + 4 * index, (short) metadataBytes);
        namespace.put(128 + 4 * index + 2, (byte) dataShift);
    }

    private Geometry geometry(Optional<BlockLimits> limits) throws IOException {
        return NvmeNode.geometry("/dev/ng0n1", namespace, controller, limits, true);
    }

    @Test
    void theNamespaceIsAsTheDriveSays() throws IOException {
        assertThat(geometry(LIMITS)).isEqualTo(new Geometry(4096, 1000, true, 4, 32, (1L << 32) - 1, 1 << 16, true));
    }

    @Test
    void transfersAreAsLargeAsDriveAndKernelBothTake() throws IOException {
        controller.put(77, (byte) 0);
        // 126 pages, and one more for what begins within one.
        assertThat(geometry(LIMITS).maxTransferBlocks()).isEqualTo(126);
        assertThat(geometry(Optional.empty()).maxTransferBlocks()).isEqualTo(32);
        controller.put(77, (byte) 255);
        assertThat(geometry(LIMITS).maxTransferBlocks()).isEqualTo(126);
    }

    @Test
    void whatTheDriveCannotIsNotOffered() throws IOException {
        controller.putShort(520, (short) 0);
        controller.put(525, (byte) 0);
        namespace.put(99, (byte) 1);
        assertThat(geometry(LIMITS)).isEqualTo(new Geometry(4096, 1000, false, 4, 32, 0, 0, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 17, 31, 255})
    void blocksOfAnImpossibleSizeAreRefused(int dataShift) {
        format(0, dataShift, 0);
        assertThatThrownBy(() -> geometry(LIMITS))
                .isInstanceOf(BlockIoException.class)
                .hasMessageContaining("cannot be");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, 1L << 52})
    void anImpossibleNumberOfBlocksIsRefused(long blocks) {
        namespace.putLong(0, blocks);
        assertThatThrownBy(() -> geometry(LIMITS))
                .isInstanceOf(BlockIoException.class)
                .hasMessageContaining("cannot be");
    }

    @Test
    void metadataInLineWithTheDataIsRefused() throws IOException {
        format(3, 12, 8);
        namespace.put(26, (byte) 3);
        assertThat(geometry(LIMITS).blockBytes()).isEqualTo(4096);
        namespace.put(26, (byte) (3 | 1 << 4));
        assertThatThrownBy(() -> geometry(LIMITS)).hasMessageContaining("metadata");
    }

    @Test
    void onlyNodesOfNamespacesHaveTheName() {
        assertThat(NvmeNode.isNamed(Path.of("/dev/ng0n1"))).isTrue();
        assertThat(NvmeNode.isNamed(Path.of("/dev/ng12n34"))).isTrue();
        assertThat(NvmeNode.isNamed(Path.of("/dev/nvme0"))).isFalse();
        assertThat(NvmeNode.isNamed(Path.of("/dev/nvme0n1"))).isFalse();
        assertThat(NvmeNode.isNamed(Path.of("/dev/ng0n1x"))).isFalse();
    }
}
