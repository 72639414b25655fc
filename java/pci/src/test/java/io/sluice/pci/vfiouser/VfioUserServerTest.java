package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.linux.AnonymousFile;
import io.sluice.linux.Descriptor;
import io.sluice.linux.EventDescriptor;
import io.sluice.linux.MappedMemory;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import io.sluice.pci.vfiouser.Request.SetInterrupts;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Action;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Data;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server grants, what it refuses, and that neither harms it. */
class VfioUserServerTest {
    private static final int BOTH = Request.DmaMap.READABLE | Request.DmaMap.WRITEABLE;
    private static final int CONFIG = 7;

    private ServedDevice served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedDevice();
    }

    /** Whatever a test did, the next client is served. */
    @AfterEach
    void serveTheNextClientAndEnd() throws IOException {
        try (ServedDevice last = served;
                VfioUserFunction function = served.open()) {
            assertThat(function.bar(0).read32(0)).isEqualTo(CopyDevice.IDENTITY);
            assertThat(last.device.hostMemory().pieces()).isZero();
        }
    }

    private RawClient client() throws IOException {
        return RawClient.greeted(served.path);
    }

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
    void memoryThatCannotBeMeantIsRefused() throws IOException {
        try (RawClient client = client();
                SharedMemory memory = SharedMemory.allocate("sluice-client", 1 << 16, PageChoice.PLAIN)) {
            Descriptor file = memory.descriptor();
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0x10000, 0x10000), file))
                    .isNull();
            // Overlapping from below, from above, within and around.
            for (long[] range : new long[][] {{0xf000, 0x2000}, {0x1f000, 0x2000}, {0x11000, 0x1000}, {0, 0x100000}}) {
                assertThat(client.ask(new Request.DmaMap(BOTH, 0, range[0], range[1])))
                        .isEqualTo(Errno.EEXIST);
            }
            // Empty, wrapping, everything, not whole pages.
            for (long[] range :
                    new long[][] {{0x40000, 0}, {-4096, 8192}, {4096, -4096}, {0x40800, 0x1000}, {0x40000, 0x800}}) {
                assertThat(client.ask(new Request.DmaMap(BOTH, 0, range[0], range[1])))
                        .isEqualTo(Errno.EINVAL);
            }
            // Beyond its file, before it, behind every file.
            for (long offset : new long[] {0x10000, 0xf000, 0x800, Long.MAX_VALUE & -4096, -4096}) {
                assertThat(client.ask(new Request.DmaMap(BOTH, offset, 0x40000, 0x2000), file))
                        .isEqualTo(Errno.EINVAL);
            }
            for (int flags : new int[] {0, 4, -1}) {
                assertThat(client.ask(new Request.DmaMap(flags, 0, 0x40000, 0x1000), file))
                        .isEqualTo(Errno.EINVAL);
            }
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0x40000, 0x1000), file, file))
                    .isEqualTo(Errno.EINVAL);
            assertThat(served.device.hostMemory().pieces()).isEqualTo(1);
            // The last page that there is.
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, -4096, 4096), file))
                    .isNull();
            assertThat(served.device.hostMemory().find(-1)).isNotNegative();
        }
    }

    @Test
    void whatIsNoMemoryIsNotMapped() throws IOException {
        try (RawClient client = client();
                EventDescriptor event = EventDescriptor.create()) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0, 4096), event.descriptor()))
                    .isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void memoryWithoutADescriptorIsKnownAndNotReached() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0, 1L << 40))).isNull();
            assertThat(served.device.hostMemory().pieces()).isZero();
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0x1000, 0x1000))).isEqualTo(Errno.EEXIST);
            assertThat(client.ask(new DmaUnmap(0, 0, 1L << 40))).isNull();
        }
    }

    @Test
    void thereIsAnEndToPiecesOfMemory() throws IOException {
        try (RawClient client = client()) {
            int granted = 0;
            while (client.ask(new Request.DmaMap(BOTH, 0, 4096L * granted, 4096)) == null) {
                granted++;
            }
            assertThat(granted).isEqualTo(4096);
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 1L << 40, 4096))).isEqualTo(Errno.ENOSPC);
            assertThat(client.ask(new DmaUnmap(0, 4096, 4096))).isNull();
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 1L << 40, 4096))).isNull();
        }
    }

    @Test
    void memoryIsTakenAwayExactlyAsItWasGiven() throws IOException {
        try (RawClient client = client();
                SharedMemory memory = SharedMemory.allocate("sluice-client", 1 << 16, PageChoice.PLAIN)) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0x10000, 0x10000), memory.descriptor()))
                    .isNull();
            for (long[] range : new long[][] {{0x10000, 0x8000}, {0x18000, 0x8000}, {0, 0x10000}, {0x10000, 0x20000}}) {
                assertThat(client.ask(new DmaUnmap(0, range[0], range[1]))).isEqualTo(Errno.ENOENT);
            }
            for (long[] range : new long[][] {{0x10000, 0}, {-1, 2}}) {
                assertThat(client.ask(new DmaUnmap(0, range[0], range[1]))).isEqualTo(Errno.EINVAL);
            }
            // A bitmap of written pages, and what no version has.
            for (int flags : new int[] {1, 3, 4, -1}) {
                assertThat(client.ask(new DmaUnmap(flags, 0x10000, 0x10000))).isEqualTo(Errno.ENOTSUP);
            }
            assertThat(client.ask(new DmaUnmap(DmaUnmap.ALL, 0x10000, 0))).isEqualTo(Errno.EINVAL);
            assertThat(served.device.hostMemory().pieces()).isEqualTo(1);
            int changes = served.device.memoryChanges.get();
            assertThat(client.ask(new DmaUnmap(0, 0x10000, 0x10000))).isNull();
            assertThat(served.device.memoryChanges.get()).isEqualTo(changes + 1);
            assertThat(served.device.hostMemory().pieces()).isZero();
            assertThat(client.ask(new DmaUnmap(DmaUnmap.ALL, 0, 0))).isNull();
        }
    }

    @Test
    void memoryThatIsOnlyReadIsNotWritten() throws IOException {
        try (RawClient client = client();
                SharedMemory memory = SharedMemory.allocate("sluice-client", 4096, PageChoice.PLAIN)) {
            assertThat(client.ask(new Request.DmaMap(Request.DmaMap.READABLE, 0, 0, 4096), memory.descriptor()))
                    .isNull();
            assertThat(served.device.hostMemory().writeable(0)).isFalse();
            assertThat(served.device.hostMemory().memory(0).isReadOnly()).isTrue();
        }
    }

    /** A memfd is sparse, so that this needs no memory. */
    @Test
    void moreThanAGigabyteIsOneRegionOfSeveralPieces() throws IOException {
        long bytes = (2L << 30) + 8192;
        try (RawClient client = client();
                Descriptor file = AnonymousFile.create("sluice-large", bytes)) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 1L << 32, bytes), file))
                    .isNull();
            assertThat(served.device.hostMemory().pieces()).isEqualTo(3);
            long last = (1L << 32) + bytes - 8;
            int piece = served.device.hostMemory().find(last);
            assertThat(served.device.hostMemory().available(piece, last)).isEqualTo(8);
            served.device
                    .hostMemory()
                    .memory(piece)
                    .putLong(served.device.hostMemory().position(piece, last), 99);
            try (MappedMemory end = MappedMemory.ofFile(file, bytes - 4096, 4096, false)) {
                assertThat(end.buffer().getLong(4088)).isEqualTo(99);
            }
            assertThat(client.ask(new DmaUnmap(0, 1L << 32, bytes))).isNull();
            assertThat(served.device.hostMemory().pieces()).isZero();
        }
    }

    @Test
    void memoryThatIsShrunkUnderTheDeviceEndsThatConnectionAlone() throws Exception {
        try (RawClient client = client();
                ShrinkableFile file = new ShrinkableFile(1 << 16)) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0, 1 << 16), file.descriptor()))
                    .isNull();
            file.shrink(4096);
            client.ask(new Request.WriteRegion(CopyDevice.FROM, 0, new byte[] {0, 0x20, 0, 0, 0, 0, 0, 0}));
            client.ask(new Request.WriteRegion(CopyDevice.TO, 0, new byte[] {0, 0x40, 0, 0, 0, 0, 0, 0}));
            client.ask(new Request.WriteRegion(CopyDevice.BYTES, 0, new byte[] {0, 0x10, 0, 0}));
            client.send(
                    Command.REGION_WRITE,
                    new Request.WriteRegion(CopyDevice.COMMAND, 0, new byte[] {CopyDevice.COMMAND_COPY, 0, 0, 0})
                            .encode());
            assertThat(client.dismissed()).isTrue();
        }
        assertThat(served.departure()).contains("memory");
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
    void interruptsAreCountedByTheirKind() throws Exception {
        try (RawClient client = client()) {
            int[] counts = {0, 0, CopyDevice.INTERRUPTS, 1, 1};
            for (int index = 0; index < counts.length; index++) {
                client.send(Command.DEVICE_GET_IRQ_INFO, new Request.InterruptInfo(index).encode());
                try (MessageChannel.Frame frame = client.receive()) {
                    var info = (Reply.InterruptInfo) Reply.decode(Command.DEVICE_GET_IRQ_INFO, frame.body());
                    assertThat(info).isEqualTo(new Reply.InterruptInfo(1, index, counts[index]));
                }
            }
            assertThat(client.ask(new Request.InterruptInfo(5))).isEqualTo(Errno.EINVAL);
            assertThat(client.ask(new Request.InterruptInfo(-1))).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void interruptsThatThereAreNotCannotBeSet() throws IOException {
        try (RawClient client = client();
                EventDescriptor event = EventDescriptor.create()) {
            Descriptor file = event.descriptor();
            for (int[] range : new int[][] {
                {2, CopyDevice.INTERRUPTS, 1},
                {2, -1, 1},
                {2, 1, -1},
                {2, Integer.MAX_VALUE, 1},
                {2, 0, 41},
                {0, 0, 1},
                {1, 0, 1},
                {5, 0, 1},
                {-1, 0, 1},
                {3, 1, 1}
            }) {
                assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, range[0], range[1], range[2]), file))
                        .isEqualTo(Errno.EINVAL);
            }
            // A descriptor too few, one too many, one where there are none, one of something else.
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 0, 2), file))
                    .isEqualTo(Errno.EINVAL);
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 0, 1), file, file))
                    .isEqualTo(Errno.EINVAL);
            assertThat(client.ask(set(Data.NONE, Action.TRIGGER, 2, 0, 1), file))
                    .isEqualTo(Errno.EINVAL);
            try (SharedMemory memory = SharedMemory.allocate("sluice-no-event", 4096, PageChoice.PLAIN)) {
                assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 0, 2), file, memory.descriptor()))
                        .isEqualTo(Errno.EINVAL);
            }
            assertThat(client.ask(set(Data.NONE, Action.MASK, 2, 0, 1))).isEqualTo(Errno.EINVAL);
            assertThat(client.ask(set(Data.NONE, Action.UNMASK, 2, 0, 1))).isEqualTo(Errno.EINVAL);
            raise(client, 0);
            assertThat(event.await(0)).isFalse();
        }
    }

    @Test
    void interruptsAreSetReplacedTriggeredAndTakenAwayOneByOneOrAllAtOnce() throws IOException {
        try (RawClient client = client();
                EventDescriptor first = EventDescriptor.create();
                EventDescriptor second = EventDescriptor.create()) {
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 3, 2), first.descriptor(), second.descriptor()))
                    .isNull();
            raise(client, 4);
            assertThat(first.await(0)).isFalse();
            assertThat(second.await(0)).isTrue();
            // Without descriptors they are taken away; QEMU does so for vectors that the guest does not use yet.
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 4, 1))).isNull();
            raise(client, 4);
            assertThat(second.await(0)).isFalse();
            assertThat(client.ask(set(Data.NONE, Action.TRIGGER, 2, 3, 1))).isNull();
            assertThat(first.await(0)).isTrue();
            assertThat(client.ask(new SetInterrupts(Data.BOOLEANS, Action.TRIGGER, 2, 2, 3, new byte[] {1, 0, 1})))
                    .isNull();
            assertThat(first.await(0)).isFalse();
            assertThat(client.ask(set(Data.NONE, Action.TRIGGER, 2, 0, 0))).isNull();
            raise(client, 3);
            assertThat(first.await(0)).isFalse();
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

    private static void raise(RawClient client, int vector) throws IOException {
        client.ask(new Request.WriteRegion(CopyDevice.BYTES, 0, new byte[] {(byte) vector, 0, 0, 0}));
        client.ask(new Request.WriteRegion(CopyDevice.COMMAND, 0, new byte[] {CopyDevice.COMMAND_INTERRUPT, 0, 0, 0}));
    }

    private static byte[] read(RawClient client, int region, long offset, int bytes) throws IOException {
        client.send(Command.REGION_READ, new Request.ReadRegion(offset, region, bytes).encode());
        try (MessageChannel.Frame frame = client.receive()) {
            assertThat(frame.header().errno()).isZero();
            return ((Reply.RegionData) Reply.decode(Command.REGION_READ, frame.body())).bytes();
        } catch (RefusedException senseless) {
            throw new AssertionError(senseless);
        }
    }

    private static void write(RawClient client, int region, long offset, byte[] bytes) throws IOException {
        assertThat(client.ask(new Request.WriteRegion(offset, region, bytes))).isNull();
    }

    private static SetInterrupts set(Data data, Action action, int index, int start, int count) {
        return new SetInterrupts(data, action, index, start, count, new byte[0]);
    }

    private static ByteBuffer header(int command, int size, int flags) {
        return Body.allocate(16)
                .putShort((short) 7)
                .putShort((short) command)
                .putInt(size)
                .putInt(flags)
                .putInt(0)
                .flip();
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
