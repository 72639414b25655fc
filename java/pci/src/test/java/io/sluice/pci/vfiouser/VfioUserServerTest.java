package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.linux.AnonymousFile;
import io.sluice.linux.Descriptor;
import io.sluice.linux.EventDescriptor;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Action;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Data;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server grants, what it refuses, and that neither harms it. */
class VfioUserServerTest extends ServerTest {
    @Test
    void aMessageThatIsTooShortOrTooLongEndsTheConnection() throws Exception {
        for (int size : new int[] {0, 15, MessageChannel.MOST_BYTES + 1, -1}) {
            try (RawClient client = client()) {
                client.send(header(Command.DEVICE_GET_INFO.number(), size, 0));
                assertThat(client.dismissed()).isTrue();
            }
            assertThat(served.departure()).contains("bytes");
        }
    }

    @Test
    void aReplyThatNobodyAskedForEndsTheConnection() throws Exception {
        try (RawClient client = client()) {
            client.send(header(Command.DEVICE_GET_INFO.number(), 16, 1));
            assertThat(client.dismissed()).isTrue();
        }
        assertThat(served.departure()).contains("nobody asked for");
    }

    @Test
    void halfAMessageIsNotWaitedForLong() throws Exception {
        try (RawClient client = client()) {
            client.send(header(Command.REGION_WRITE.number(), 1000, 0));
            assertThat(client.dismissed()).isTrue();
        }
        assertThat(served.departure()).contains("half a message");
    }

    @Test
    void aClientThatSaysNothingIsNotWaitedForLong() throws Exception {
        try (RawClient silent = new RawClient(served.path)) {
            assertThat(silent.dismissed()).isTrue();
        }
        assertThat(served.departure()).contains("no message came");
    }

    @Test
    void aMessageMayComeByteByByte() throws IOException {
        try (RawClient client = client()) {
            ByteBuffer body = new Request.DeviceInfo().encode();
            ByteBuffer message = Body.allocate(32);
            Header.request(3, Command.DEVICE_GET_INFO, body.remaining()).encode(message);
            message.put(body).flip();
            while (message.hasRemaining()) {
                client.send(message.slice(message.position(), 1));
                message.position(message.position() + 1);
            }
            try (MessageChannel.Frame reply = client.receive()) {
                assertThat(reply.header().id()).isEqualTo(3);
                assertThat(reply.header().error()).isFalse();
            }
        }
    }

    @Test
    void whoeverBeginsWithAnythingButAVersionIsSentAway() throws Exception {
        try (RawClient client = new RawClient(served.path)) {
            assertThat(client.ask(new Request.DeviceInfo())).isEqualTo(Errno.EINVAL);
            assertThat(client.dismissed()).isTrue();
        }
        try (RawClient client = new RawClient(served.path)) {
            assertThat(client.ask(new Version(1, 0, Capabilities.NONE))).isEqualTo(Errno.EINVAL);
            assertThat(client.dismissed()).isTrue();
        }
        assertThat(served.device.connects.get()).isZero();
    }

    @Test
    void theVersionIsNeverAboveWhatWasProposedAndAgreedOnOnce() throws Exception {
        try (RawClient client = new RawClient(served.path)) {
            Capabilities few = new Capabilities(8L, null, null, null);
            client.send(Command.VERSION, new Version(0, 0, few).encode());
            try (MessageChannel.Frame frame = client.receive()) {
                Version version = Version.decode(frame.body());
                assertThat(version.minor()).isZero();
                assertThat(version.capabilities())
                        .isEqualTo(new Capabilities((long) MessageChannel.MOST_DESCRIPTORS, null, null, null));
            }
            assertThat(client.ask(new Version(0, 0, few))).isEqualTo(Errno.EINVAL);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 14, 19, 0xffff})
    void commandsThatThereAreNotAreRefused(int number) throws IOException {
        try (RawClient client = client()) {
            client.send(header(number, 16, 0));
            try (MessageChannel.Frame frame = client.receive()) {
                assertThat(frame.header().command()).isEqualTo(number);
                assertThat(frame.header().errno()).isEqualTo(Errno.EINVAL.intValue());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Command.class,
            names = {
                "DEVICE_GET_REGION_IO_FDS",
                "DMA_READ",
                "DMA_WRITE",
                "REGION_WRITE_MULTI",
                "DEVICE_FEATURE",
                "MIG_DATA_READ",
                "MIG_DATA_WRITE"
            })
    void migrationAndOtherThingsThatAreNotOfferedAreRefused(Command command) throws IOException {
        try (RawClient client = client()) {
            assertThat(client.ask(command, Body.allocate(16))).isEqualTo(Errno.ENOTSUP);
        }
    }

    @Test
    void whatIsRefusedIsToldWithTheReason() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.ask(new Request.ReadRegion(0, 5, 4))).isEqualTo(Errno.EINVAL);
            assertThat(served.refusals).containsExactly("there is no region 5");
        }
    }

    @Test
    void aRequestWithoutReplyIsDoneWithoutReply() throws IOException {
        try (RawClient client = client()) {
            ByteBuffer reset = header(Command.DEVICE_RESET.number(), 16, 0x10);
            client.send(reset);
            client.send(header(0, 16, 0x10));
            assertThat(client.ask(new Request.DeviceInfo())).isNull();
            assertThat(served.device.resets.get()).isEqualTo(1);
        }
    }

    @Test
    void registersAreReadAndWrittenInAnyNumberOfBytes() throws IOException {
        try (RawClient client = client()) {
            byte[] whole = read(client, CONFIG, 0, 256);
            for (int i = 0; i < 256; i++) {
                assertThat(read(client, CONFIG, i, 1)).containsExactly(whole[i]);
            }
            assertThat(read(client, CONFIG, 1, 11))
                    .containsExactly(Stream.of(whole)
                            .map(all -> Arrays.copyOfRange(all, 1, 12))
                            .findFirst()
                            .orElseThrow());
            byte[] pattern = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
            for (int offset = 0; offset < 8; offset++) {
                for (int bytes = 1; bytes <= pattern.length; bytes++) {
                    int at = CopyDevice.SHARED + 0x100;
                    write(client, 0, at, new byte[24]);
                    byte[] part = Arrays.copyOf(pattern, bytes);
                    write(client, 0, at + offset, part);
                    byte[] expected = new byte[24];
                    System.arraycopy(part, 0, expected, offset, bytes);
                    assertThat(read(client, 0, at, 24)).isEqualTo(expected);
                    assertThat(read(client, 0, at + offset, bytes)).isEqualTo(part);
                }
            }
        }
    }

    @Test
    void writingTheCommandRegisterLeavesTheStatusRegisterAlone() throws IOException {
        try (RawClient client = client()) {
            assertThat(read(client, CONFIG, 6, 2)).containsExactly(0x10, 0);
            write(client, CONFIG, 4, new byte[] {6, 4});
            assertThat(read(client, CONFIG, 4, 4)).containsExactly(6, 4, 0x10, 0);
            write(client, CONFIG, 6, new byte[] {0x10, 0});
            assertThat(read(client, CONFIG, 4, 4)).containsExactly(6, 4, 0, 0);
        }
    }

    @Test
    void accessesBeyondARegionAreRefused() throws IOException {
        try (RawClient client = client()) {
            for (long[] access : new long[][] {
                {0, CopyDevice.BAR_BYTES, 1},
                {0, CopyDevice.BAR_BYTES - 1, 2},
                {0, 0, CopyDevice.BAR_BYTES + 1},
                {0, -1, 1},
                {0, -1, 2},
                {0, Long.MAX_VALUE, 8},
                {0, Long.MIN_VALUE, 8},
                {0, 0, 0},
                {0, 0, -1},
                {0, 0, Integer.MIN_VALUE},
                {0, 0, Integer.MAX_VALUE},
                {1, 0, 4},
                {6, 0, 4},
                {CONFIG, 256, 4},
                {8, 0, 4},
                {9, 0, 4},
                {-1, 0, 4}
            }) {
                assertThat(client.ask(new Request.ReadRegion(access[1], (int) access[0], (int) access[2])))
                        .as("%d bytes at %d of region %d", access[2], access[1], access[0])
                        .isEqualTo(Errno.EINVAL);
            }
            assertThat(client.ask(new Request.WriteRegion(CopyDevice.BAR_BYTES - 2, 0, new byte[4])))
                    .isEqualTo(Errno.EINVAL);
            assertThat(client.ask(new Request.WriteRegion(-4, 0, new byte[8]))).isEqualTo(Errno.EINVAL);
            assertThat(client.ask(new Request.WriteRegion(0, 0, new byte[0]))).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void theMappablePartIsToldToWhoHasRoomForIt() throws Exception {
        try (RawClient client = client()) {
            Reply.RegionInfo small = regionInfo(client, 32, 0);
            assertThat(small.argumentSize()).isEqualTo(64);
            assertThat(small.areas()).isEmpty();
            Reply.RegionInfo whole = regionInfo(client, 64, 1);
            assertThat(whole.areas()).containsExactly(new Reply.RegionInfo.Area(0x1000, 0x1000));
            assertThat(whole.flags()).isEqualTo(7);
            assertThat(client.ask(new Request.RegionInfo(64, 9))).isEqualTo(Errno.EINVAL);
            assertThat(client.ask(new Request.RegionInfo(64, -1))).isEqualTo(Errno.EINVAL);
            assertThat(client.ask(new Request.RegionInfo(31, 0))).isEqualTo(Errno.EINVAL);
        }
    }

    private static Reply.RegionInfo regionInfo(RawClient client, int argumentSize, int files) throws Exception {
        client.send(Command.DEVICE_GET_REGION_INFO, new Request.RegionInfo(argumentSize, 0).encode());
        try (MessageChannel.Frame frame = client.receive()) {
            assertThat(frame.descriptors()).hasSize(files);
            return (Reply.RegionInfo) Reply.decode(Command.DEVICE_GET_REGION_INFO, frame.body());
        }
    }

    @Test
    void aServerThatEndsAsksItsClientToLeave() throws IOException {
        try (RawClient client = client();
                EventDescriptor request = EventDescriptor.create()) {
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 4, 0, 1), request.descriptor()))
                    .isNull();
            assertThat(request.await(0)).isFalse();
            served.server.close();
            assertThat(request.await(0)).isTrue();
            assertThat(client.dismissed()).isTrue();
        }
        assertThat(served.path).doesNotExist();
        served.close();
        served = new ServedDevice();
    }

    @Test
    void descriptorsOfRefusedRequestsAreClosed() throws IOException {
        try (RawClient client = client();
                Descriptor file = AnonymousFile.create("sluice-leak", 4096)) {
            for (Command command : Command.values()) {
                client.ask(command, Body.allocate(3), file, file);
            }
            client.ask(new Request.DeviceInfo(), file);
            client.ask(new Request.DmaMap(BOTH, 0, 0, 8192), file);
            client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 0, 2), file, file);
            assertThat(descriptorsOf("sluice-leak")).isEqualTo(1);
            // What is granted is not kept open either: the mapping is enough.
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0, 4096), file)).isNull();
            assertThat(descriptorsOf("sluice-leak")).isEqualTo(1);
        }
    }

    @Test
    void moreDescriptorsThanAMessageMayHaveEndTheConnection() throws Exception {
        try (RawClient client = client();
                Descriptor file = AnonymousFile.create("sluice-many", 4096)) {
            Descriptor[] many = new Descriptor[MessageChannel.MOST_DESCRIPTORS + 1];
            Arrays.fill(many, file);
            client.send(Command.DEVICE_GET_INFO, new Request.DeviceInfo().encode(), many);
            assertThat(client.dismissed()).isTrue();
            assertThat(served.departure()).contains("descriptors");
            assertThat(descriptorsOf("sluice-many")).isEqualTo(1);
        }
    }

    @Test
    void descriptorsThatComeLateEndTheConnection() throws Exception {
        try (RawClient client = client();
                Descriptor file = AnonymousFile.create("sluice-late", 4096)) {
            client.send(header(Command.DEVICE_GET_INFO.number(), 32, 0));
            client.send(new Request.DeviceInfo().encode(), file);
            assertThat(client.dismissed()).isTrue();
            assertThat(served.departure()).contains("descriptors");
            assertThat(descriptorsOf("sluice-late")).isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesWithinAMessageIsForgottenWithAllItHad() throws Exception {
        try (EventDescriptor event = EventDescriptor.create()) {
            try (RawClient client = client();
                    SharedMemory memory = SharedMemory.allocate("sluice-left", 1 << 20, PageChoice.PLAIN)) {
                assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0, 1 << 20), memory.descriptor()))
                        .isNull();
                assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 0, 1), event.descriptor()))
                        .isNull();
                client.send(header(Command.REGION_WRITE.number(), 100, 0));
            }
            assertThat(served.departure()).contains("within a message");
            assertThat(descriptorsOf("sluice-left")).isZero();
            assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain("sluice-left");
            assertThat(served.device.hasHost()).isFalse();
        }
    }

    @Test
    void aServerIsServedByOneThreadAndClosedByAny() throws IOException {
        client().close();
        assertThatThrownBy(() -> served.server.serve()).isInstanceOf(IllegalStateException.class);
        served.server.close();
        served.server.close();
        assertThatCode(() -> served.server.serve()).doesNotThrowAnyException();
        served.close();
        served = new ServedDevice();
    }
}
