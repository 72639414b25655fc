package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.linux.AnonymousFile;
import io.sluice.linux.Descriptor;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import io.sluice.pci.DmaMemory;
import io.sluice.pci.PciSetupException;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client makes of a server that answers wrongly, late or not at all. */
class LyingServerTest {
    private static final Duration SOON = Duration.ofMillis(200);

    private ScriptedServer server;

    @BeforeEach
    void prepare() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private VfioUserFunction open() throws IOException {
        VfioUserOptions options = VfioUserOptions.defaults().withReplyDeadline(SOON);
        return VfioUserFunction.open(ServerConnection.open("server", server.start(), SOON), options);
    }

    @Test
    void aSensibleServerIsUsed() throws IOException {
        try (VfioUserFunction function = open()) {
            assertThat(function.interruptCount()).isEqualTo(20);
            assertThat(function.bar(0).size()).isEqualTo(0x4000);
            assertThat(function.bar(0).mapped(0x1000, 8)).isNull();
            function.allocate(4096).close();
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() throws IOException {
        server.on(Command.VERSION, (request, channel, raw) -> {});
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server: VERSION: no message came in time");
    }

    @Test
    void aServerThatStopsAnsweringIsGoneForGood() throws IOException {
        server.on(Command.DMA_MAP, (request, channel, raw) -> {});
        try (VfioUserFunction function = open()) {
            RegisterSpace bar = function.bar(0);
            assertThat(bar.read32(0)).isZero();
            assertThatThrownBy(() -> function.allocate(4096)).hasMessageContaining("DMA_MAP: no message came in time");
            // Not asked again: a late answer would be taken for that of another question.
            assertThat(bar.read32(0)).isEqualTo(-1);
            assertThat(function.removalRequested()).isTrue();
            assertThatThrownBy(function::reset).hasMessageContaining("no message came in time");
        }
    }

    @Test
    void aServerOfAnotherVersionIsNotUsed() throws IOException {
        server.reply(Command.VERSION, new Version(1, 0, Capabilities.NONE));
        assertThatThrownBy(this::open).hasMessageContaining("1.0");
    }

    @Test
    void aServerThatAgreesToMoreThanWasProposedIsNotUsed() throws IOException {
        server.reply(Command.VERSION, new Version(0, Version.MINOR + 1, Capabilities.NONE));
        assertThatThrownBy(this::open).hasMessageContaining("0." + (Version.MINOR + 1));
    }

    @Test
    void aServerThatRefusesIsQuoted() throws IOException {
        server.on(
                Command.DEVICE_GET_INFO,
                (request, channel, raw) ->
                        channel.send(request.header().refusal(Errno.EPERM.intValue()), Body.allocate(0), List.of()));
        assertThatThrownBy(this::open).hasMessageContaining("refuses DEVICE_GET_INFO: EPERM");
    }

    @Test
    void repliesToOtherQuestionsEndTheConnection() throws IOException {
        server.on(Command.DEVICE_GET_INFO, (request, channel, raw) -> {
            Header other = Header.request(request.header().id() + 1, Command.DEVICE_GET_INFO, 0)
                    .reply(0);
            channel.send(other, Body.allocate(0), List.of());
        });
        assertThatThrownBy(this::open).hasMessageContaining("nobody asked for");
    }

    @Test
    void aReplyThatIsNoMessageEndsTheConnection() throws IOException {
        server.on(Command.DEVICE_GET_INFO, (request, channel, raw) -> raw.send(ByteBuffer.allocate(16), List.of()));
        assertThatThrownBy(this::open).hasMessageContaining("a message of 0 bytes");
    }

    @Test
    void halfAReplyIsNotWaitedForLong() throws IOException {
        server.on(Command.DEVICE_GET_INFO, (request, channel, raw) -> raw.send(ByteBuffer.allocate(3), List.of()));
        assertThatThrownBy(this::open).hasMessageContaining("half a message");
    }

    @Test
    void repliesOfTheWrongSizeEndTheConnection() throws IOException {
        server.on(
                Command.DEVICE_GET_INFO,
                (request, channel, raw) -> ScriptedServer.send(channel, request, Body.allocate(8)));
        assertThatThrownBy(this::open).hasMessageContaining("device info has 8 bytes");
    }

    @Test
    void whatIsNoPciFunctionIsNotUsed() throws IOException {
        server.reply(Command.DEVICE_GET_INFO, new Reply.DeviceInfo(0, 9, 5));
        assertThatThrownBy(this::open).hasMessageContaining("no PCI function");
    }

    @Test
    void aConfigurationSpaceOfAnImpossibleSizeIsNotUsed() throws IOException {
        server.reply(Command.DEVICE_GET_REGION_INFO, Reply.RegionInfo.of(3, 7, 64, List.of()));
        assertThatThrownBy(this::open).hasMessageContaining("64 bytes");
    }

    @Test
    void aRegionBeyondAllSizesIsNotUsed() throws IOException {
        server.reply(Command.DEVICE_GET_REGION_INFO, Reply.RegionInfo.of(3, 7, -1, List.of()));
        assertThatThrownBy(this::open).hasMessageContaining("18446744073709551615");
    }

    @Test
    void moreInterruptsThanThereCanBeAreNotBelieved() throws IOException {
        server.on(Command.DEVICE_GET_IRQ_INFO, (request, channel, raw) -> {
            Reply reply = new Reply.InterruptInfo(1, 2, Integer.MIN_VALUE);
            ScriptedServer.send(channel, request, reply.encode());
        });
        try (VfioUserFunction function = open()) {
            assertThat(function.interruptCount()).isZero();
        }
    }

    @Test
    void unwelcomeDescriptorsAreClosedAndEndTheConnection() throws IOException {
        try (Descriptor file = AnonymousFile.create("sluice-unwelcome-reply", 4096)) {
            server.reply(Command.DEVICE_GET_INFO, new Reply.DeviceInfo(3, 9, 5), file);
            assertThatThrownBy(this::open).hasMessageContaining("a reply with 1 descriptors");
            assertThat(descriptorsOf("sluice-unwelcome-reply")).isEqualTo(1);
        }
    }

    /** Answers about BAR 0 with areas and a file, and about others sensibly. */
    private void mappable(Descriptor file, long fileOffset, Reply.RegionInfo.Area... areas) {
        server.on(Command.DEVICE_GET_REGION_INFO, (request, channel, raw) -> {
            int index = request.body().getInt(8);
            if (index != 0) {
                Reply sensible = Reply.RegionInfo.of(3, index, index == 7 ? 256 : 0, List.of());
                ScriptedServer.send(channel, request, sensible.encode());
                return;
            }
            Reply.RegionInfo info = Reply.RegionInfo.of(7, 0, 0x4000, List.of(areas));
            Reply moved = new Reply.RegionInfo(info.argumentSize(), 7, 0, 0x4000, fileOffset, info.areas());
            ScriptedServer.send(channel, request, moved.encode(), file);
        });
    }

    @Test
    void registersAreMappedWhereTheServerSaysTheyAreInItsFile() throws IOException {
        try (SharedMemory file = SharedMemory.allocate("sluice-registers-moved", 0x8000, PageChoice.PLAIN);
                var whole = file.map()) {
            mappable(file.descriptor(), 0x4000, new Reply.RegionInfo.Area(0x1000, 0x1000));
            try (VfioUserFunction function = open()) {
                ByteBuffer doorbells = function.bar(0).mapped(0x1000, 0x1000);
                assertThat(doorbells).isNotNull();
                doorbells.putInt(0, 77);
                assertThat(whole.buffer().getInt(0x5000)).isEqualTo(77);
                assertThat(descriptorsOf("sluice-registers-moved")).isEqualTo(1);
            }
        }
    }

    @Test
    void aFileThatIsTooSmallForWhatItIsToHoldIsNotMapped() throws IOException {
        try (Descriptor file = AnonymousFile.create("sluice-small", 0x1800)) {
            mappable(file, 0, new Reply.RegionInfo.Area(0x1000, 0x1000));
            try (VfioUserFunction function = open()) {
                assertThatThrownBy(() -> function.bar(0))
                        .isInstanceOfSatisfying(
                                PciSetupException.class,
                                failure -> assertThat(failure.problem())
                                        .isEqualTo(PciSetupException.Problem.BAR_NOT_MAPPABLE))
                        .hasMessageContaining("6144 bytes");
                assertThat(descriptorsOf("sluice-small")).isEqualTo(1);
            }
        }
    }

    @Test
    void areasThatBeginNowhereAreNotMapped() throws IOException {
        try (Descriptor file = AnonymousFile.create("sluice-nowhere", 0x8000)) {
            mappable(file, -0x1000, new Reply.RegionInfo.Area(0x1000, 0x1000));
            try (VfioUserFunction function = open()) {
                assertThatThrownBy(() -> function.bar(0)).hasMessageContaining("does not begin on a page");
            }
        }
    }

    @Test
    void aServerThatTakesItsRegistersAwayCostsAnErrorAndNoJvm() throws IOException {
        try (ShrinkableFile file = new ShrinkableFile(0x4000)) {
            mappable(file.descriptor(), 0, new Reply.RegionInfo.Area(0x1000, 0x1000));
            try (VfioUserFunction function = open()) {
                RegisterSpace bar = function.bar(0);
                ByteBuffer doorbells = bar.mapped(0x1000, 0x1000);
                doorbells.putInt(0, 1);
                file.shrink(0);
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 100_000; i++) {
                                doorbells.putInt(0, i);
                            }
                        })
                        .isInstanceOf(InternalError.class);
                assertThat(bar.read32(0x1000)).isZero();
            }
        }
    }

    @Test
    void aServerThatTakesNoMoreMemoryIsAClearError() throws IOException {
        server.reply(Command.VERSION, new Version(0, 1, new Capabilities(null, null, 2L, null)));
        try (VfioUserFunction function = open()) {
            List<DmaMemory> memory = new ArrayList<>(List.of(function.allocate(1), function.allocate(1)));
            assertThatThrownBy(() -> function.allocate(1))
                    .isInstanceOfSatisfying(
                            PciSetupException.class,
                            failure -> assertThat(failure.problem())
                                    .isEqualTo(PciSetupException.Problem.TOO_MANY_MAPPINGS))
                    .hasMessageContaining("close sessions");
            memory.remove(0).close();
            function.allocate(1);
        }
    }

    @Test
    void aRefusedPieceOfMemoryLeavesNothingBehind() throws IOException {
        server.on(
                Command.DMA_MAP,
                (request, channel, raw) ->
                        channel.send(request.header().refusal(Errno.EPERM.intValue()), Body.allocate(0), List.of()));
        try (VfioUserFunction function = open()) {
            assertThatThrownBy(() -> function.allocate(4096)).hasMessageContaining("refuses DMA_MAP: EPERM");
            assertThat(function.bar(0).read32(0)).isZero();
            // The server answered a later message, so that it too has let go of the descriptor it was sent.
            assertThat(descriptorsOf("memfd:sluice-vfio-user")).isZero();
        }
    }

    @Test
    void interruptsAreSetInAsManyMessagesAsTheServerNeeds() throws IOException {
        List<Integer> parts = new ArrayList<>();
        server.reply(Command.VERSION, new Version(0, 1, new Capabilities(8L, null, null, null)));
        server.on(Command.DEVICE_SET_IRQS, (request, channel, raw) -> {
            parts.add(request.descriptors().size());
            ScriptedServer.send(channel, request, Body.allocate(0));
        });
        try (VfioUserFunction function = open()) {
            assertThat(function.enableInterrupts(20)).hasSize(20);
        }
        // And without descriptors when the function was closed.
        assertThat(parts).containsExactly(8, 8, 4, 0);
    }

    @Test
    void aServerThatAsksForMemoryByMessageIsToldNoAndServedOn() throws IOException {
        server.on(Command.DEVICE_RESET, (request, channel, raw) -> {
            channel.send(Header.request(99, Command.DMA_READ, 16), Body.allocate(16), List.of());
            try (MessageChannel.Frame answer = channel.receive(-1)) {
                boolean refused = answer.header().id() == 99 && answer.header().errno() == Errno.ENOTSUP.intValue();
                if (refused) {
                    ScriptedServer.send(channel, request, Body.allocate(0));
                }
            }
        });
        try (VfioUserFunction function = open()) {
            function.reset();
        }
    }

    @Test
    void aRegisterOfAnotherWidthThanWasAskedForReadsAllOnes() throws IOException {
        server.reply(Command.REGION_READ, new Reply.RegionData(0, 0, new byte[3]));
        try (VfioUserFunction function = open()) {
            assertThat(function.bar(0).read32(0)).isEqualTo(-1);
            assertThat(function.bar(0).read64(0)).isEqualTo(-1);
        }
    }

    private static long descriptorsOf(String name) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().contains(name);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
