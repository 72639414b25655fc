package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.DeadlineException;
import io.sluice.pci.PciFunction;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
    private static final int MIB = 1 << 20;
    private static final int PAGE = 4096;

    private final ScriptedController device = new ScriptedController();
    private long largestPiece = Long.MAX_VALUE;

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(device.closed()).isTrue();
        assertThat(device.memories()).isZero();
    }

    private record Lent(long bytes, List<Long> chunks) {}

    private void wants(long preferredBytes, long leastBytes, long leastChunkBytes, int mostChunks) {
        device.identity()
                .putInt(272, (int) (preferredBytes / PAGE))
                .putInt(276, (int) (leastBytes / PAGE))
                .putInt(332, (int) (leastChunkBytes / PAGE))
                .putShort(336, (short) mostChunks);
    }

    /** A machine on which no larger piece of memory is to be had than {@link #largestPiece}. */
    private PciFunction function() {
        return (PciFunction) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PciFunction.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("allocate") && (long) arguments[0] > largestPiece) {
                        throw new IOException("no such memory");
                    }
                    try {
                        return method.invoke(device, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private NvmeController open(long most) throws IOException {
        return NvmeController.open(
                function(),
                ControllerOptions.defaults().maxHostMemoryBytes(most).adminDeadline(Duration.ofMillis(50)));
    }

    private List<SubmissionEntry> settings() {
        return device.adminCommands().stream()
                .filter(command -> command.opcode() == 0x09 && (command.dword10() & 0xff) == 0x0d)
                .toList();
    }

    /** What the controller was told, read as it reads it. */
    private Lent lent() {
        SubmissionEntry command = settings().get(0);
        assertThat(command.dword11()).as("EHM").isEqualTo(1);
        long list = (long) command.dword14() << 32 | (command.dword13() & 0xffff_ffffL);
        ByteBuffer descriptors = device.memory(list, command.dword15() * 16);
        List<Long> chunks = new ArrayList<>();
        for (int i = 0; i < command.dword15(); i++) {
            long bytes = (descriptors.getInt(16 * i + 8) & 0xffff_ffffL) * PAGE;
            // Fails where that is not memory that was allocated.
            ByteBuffer chunk = device.memory(descriptors.getLong(16 * i), (int) bytes);
            assertThat(chunk.getLong(0)).isZero();
            chunks.add(bytes);
        }
        return new Lent((command.dword12() & 0xffff_ffffL) * PAGE, chunks);
    }

    @Test
    void aControllerGetsWhatItPrefersAndGivesItBackBeforeItIsShutDown() throws IOException {
        wants(8 * MIB, 2 * MIB, 0, 0);
        try (NvmeController controller = open(64 * MIB)) {
            assertThat(controller.inUse().hostMemoryBytes()).isEqualTo(8 * MIB);
            assertThat(lent()).isEqualTo(new Lent(8 * MIB, List.of(8L * MIB)));
        }
        assertThat(settings()).hasSize(2);
        assertThat(settings().get(1).dword11()).isZero();
    }

    @Test
    void itGetsNoMoreThanAllowed() throws IOException {
        wants(64 * MIB, 2 * MIB, 0, 0);
        try (NvmeController controller = open(5 * MIB + 100)) {
            assertThat(controller.inUse().hostMemoryBytes()).isEqualTo(5 * MIB);
            assertThat(lent().bytes()).isEqualTo(5 * MIB);
        }
    }

    @Test
    void lessThanItNeedsIsNotLentAtAll() throws IOException {
        wants(64 * MIB, 8 * MIB, 0, 0);
        try (NvmeController controller = open(8 * MIB - 1)) {
            assertThat(controller.inUse().hostMemoryBytes()).isZero();
        }
        assertThat(settings()).isEmpty();
    }

    @Test
    void nothingIsLentUnlessAllowed() throws IOException {
        wants(64 * MIB, 0, 0, 0);
        open(0).close();
        assertThat(settings()).isEmpty();
    }

    @Test
    void whereLargePiecesAreNotToBeHadTheMemoryComesInSmallerOnes() throws IOException {
        wants(8 * MIB, 2 * MIB, MIB, 0);
        largestPiece = 3 * MIB;
        try (NvmeController controller = open(64 * MIB)) {
            assertThat(controller.inUse().hostMemoryBytes()).isEqualTo(8 * MIB);
            assertThat(lent().chunks()).containsOnly(2L * MIB).hasSize(4);
        }
    }

    @Test
    void thereAreNoMoreChunksThanTheControllerTakes() throws IOException {
        wants(8 * MIB, 4 * MIB, 0, 3);
        largestPiece = 3 * MIB;
        try (NvmeController controller = open(64 * MIB)) {
            assertThat(lent()).isEqualTo(new Lent(6 * MIB, List.of(2L * MIB, 2L * MIB, 2L * MIB)));
            assertThat(controller.inUse().hostMemoryBytes()).isEqualTo(6 * MIB);
        }
    }

    @Test
    void withTooFewChunksForWhatItNeedsNothingIsLentAndNothingKept() throws IOException {
        wants(8 * MIB, 8 * MIB, 0, 3);
        largestPiece = 2 * MIB;
        try (NvmeController controller = open(64 * MIB)) {
            assertThat(controller.inUse().hostMemoryBytes()).isZero();
            assertThat(device.memories()).as("the admin queues and their data").isEqualTo(2);
        }
    }

    @Test
    void whereThereIsNotEnoughMemoryTheReasonIsTold() {
        wants(8 * MIB, 2 * MIB, 2 * MIB, 0);
        largestPiece = MIB;
        assertThatThrownBy(() -> open(64 * MIB)).isInstanceOf(IOException.class).hasMessage("no such memory");
    }

    @Test
    void whatTheControllerDoesNotGiveBackGoesWithTheFunction() throws IOException {
        wants(8 * MIB, 0, 0, 0);
        NvmeController controller = open(64 * MIB);
        device.ignore(0x09);
        assertThatThrownBy(controller::close)
                .isInstanceOf(DeadlineException.class)
                .hasMessageContaining("take host memory back");
        assertThat(device.configuration() & 1).as("disabled all the same").isZero();
    }

    @Test
    void numbersThatNoMemoryHasDoNoHarm() throws IOException {
        device.identity().putInt(272, -1).putInt(276, -1).putInt(332, -1).putShort(336, (short) -1);
        try (NvmeController controller = open(64 * MIB)) {
            assertThat(controller.inUse().hostMemoryBytes()).isZero();
        }
        assertThat(settings()).isEmpty();
    }
}
