package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private static final Capabilities CAPABILITIES = new Capabilities(8L, 1L << 20, 64L, 4096L);

    static List<Request> requests() {
        return List.of(
                new Version(0, 1, CAPABILITIES),
                new Version(0, 0, Capabilities.NONE),
                new Request.DmaMap(3, 1L << 40, -4096, 4096),
                new DmaUnmap(DmaUnmap.ALL, 0, 0),
                new Request.DeviceInfo(),
                new Request.RegionInfo(-1, 7),
                new Request.InterruptInfo(2),
                new Request.ReadRegion(-1, 7, 3),
                new Request.Reset(),
                new Request.Unsupported(Command.DEVICE_FEATURE));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsReadAsItWasWritten(Request request) throws RefusedException {
        assertThat(Request.decode(request.command(), request.encode())).isEqualTo(request);
    }

    static List<Reply> replies() {
        return List.of(
                new Reply.DeviceInfo(3, 9, 5),
                Reply.RegionInfo.of(3, 7, 256, List.of()),
                Reply.RegionInfo.of(
                        7,
                        0,
                        0x4000,
                        List.of(new Reply.RegionInfo.Area(0x1000, 0x1000), new Reply.RegionInfo.Area(0x3000, 0x1000))),
                new Reply.InterruptInfo(1, 2, 64),
                new Reply.RegionWritten(4, 7, 2),
                new Reply.Done());
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyIsReadAsItWasWritten(Reply reply) throws RefusedException {
        Command command = reply instanceof Reply.DeviceInfo
                ? Command.DEVICE_GET_INFO
                : reply instanceof Reply.RegionInfo
                        ? Command.DEVICE_GET_REGION_INFO
                        : reply instanceof Reply.InterruptInfo
                                ? Command.DEVICE_GET_IRQ_INFO
                                : reply instanceof Reply.RegionWritten ? Command.REGION_WRITE : Command.DMA_MAP;
        assertThat(Reply.decode(command, reply.encode())).isEqualTo(reply);
    }

    @Test
    void messagesWithBytesAreReadAsTheyWereWritten() throws RefusedException {
        var written = (Request.WriteRegion) Request.decode(
                Command.REGION_WRITE, new Request.WriteRegion(8, 0, new byte[] {1, 2, 3}).encode());
        assertThat(written.offset()).isEqualTo(8);
        assertThat(written.bytes()).containsExactly(1, 2, 3);
        var read = (Reply.RegionData)
                Reply.decode(Command.REGION_READ, new Reply.RegionData(9, 7, new byte[] {4}).encode());
        assertThat(read.region()).isEqualTo(7);
        assertThat(read.bytes()).containsExactly(4);
        var set = (Request.SetInterrupts) Request.decode(
                Command.DEVICE_SET_IRQS,
                new Request.SetInterrupts(
                                Request.SetInterrupts.Data.BOOLEANS,
                                Request.SetInterrupts.Action.UNMASK,
                                2,
                                3,
                                2,
                                new byte[] {0, 1})
                        .encode());
        assertThat(set.data()).isEqualTo(Request.SetInterrupts.Data.BOOLEANS);
        assertThat(set.action()).isEqualTo(Request.SetInterrupts.Action.UNMASK);
        assertThat(set.start()).isEqualTo(3);
        assertThat(set.chosen()).containsExactly(0, 1);
    }

    /** Bytes as the specification lays them out, so that both sides cannot be wrong in the same way. */
    @Test
    void theLayoutIsThatOfTheSpecification() {
        ByteBuffer header = Body.allocate(Header.BYTES);
        Header.request(0x1234, Command.DMA_MAP, 32).encode(header);
        assertThat(hex(header.flip())).isEqualTo("34120200 30000000 00000000 00000000");
        header.clear();
        Header.request(1, Command.DEVICE_RESET, 0).refusal(22).encode(header);
        assertThat(hex(header.flip())).isEqualTo("01000d00 10000000 21000000 16000000");
        assertThat(hex(new Request.DmaMap(3, 0x1000, 0x2000, 0x3000).encode()))
                .isEqualTo("20000000 03000000 00100000 00000000 00200000 00000000 00300000 00000000");
        assertThat(hex(new DmaUnmap(0, 0x2000, 0x3000).encode()))
                .isEqualTo("18000000 00000000 00200000 00000000 00300000 00000000");
        assertThat(hex(new Request.DeviceInfo().encode())).isEqualTo("10000000 00000000 00000000 00000000");
        assertThat(hex(new Request.RegionInfo(64, 7).encode()))
                .isEqualTo("40000000 00000000 07000000 00000000 00000000 00000000 00000000 00000000");
        assertThat(hex(new Request.InterruptInfo(2).encode())).isEqualTo("10000000 00000000 02000000 00000000");
        assertThat(hex(interrupts(Request.SetInterrupts.Data.EVENTS, 1, 2).encode()))
                .isEqualTo("14000000 24000000 02000000 01000000 02000000");
        assertThat(hex(interrupts(Request.SetInterrupts.Data.NONE, 0, 0).encode()))
                .isEqualTo("14000000 21000000 02000000 00000000 00000000");
        assertThat(hex(new Request.ReadRegion(4, 7, 2).encode())).isEqualTo("04000000 00000000 07000000 02000000");
        assertThat(hex(Reply.RegionInfo.of(7, 0, 0x4000, List.of(new Reply.RegionInfo.Area(0x1000, 0x2000)))
                        .encode()))
                .isEqualTo("40000000 0f000000 00000000 20000000 00400000 00000000 00000000 00000000"
                        + " 01000100 00000000 01000000 00000000 00100000 00000000 00200000 00000000");
        ByteBuffer version = new Version(0, 1, new Capabilities(8L, null, null, null)).encode();
        assertThat(StandardCharsets.UTF_8.decode(version).toString())
                .isEqualTo("\0\0\1\0{\"capabilities\":{\"max_msg_fds\":8}}\0");
    }

    private static Request.SetInterrupts interrupts(Request.SetInterrupts.Data data, int start, int count) {
        return new Request.SetInterrupts(data, Request.SetInterrupts.Action.TRIGGER, 2, start, count, new byte[0]);
    }

    private static String hex(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; bytes.hasRemaining(); i++) {
            text.append(i > 0 && i % 4 == 0 ? " " : "").append(String.format("%02x", bytes.get()));
        }
        return text.toString();
    }

    @Test
    void headersThatCannotBeMeantEndTheConnection() {
        assertThatThrownBy(() -> header(15, 0))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("15 bytes");
        assertThatThrownBy(() -> header(0, 0)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> header(-1, 0))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("4294967295");
        assertThatThrownBy(() -> header(101, 0)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> header(16, 2))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("flags 0x2");
        assertThatThrownBy(() -> header(16, 0x40)).isInstanceOf(ProtocolException.class);
    }

    private static Header header(int size, int flags) throws ProtocolException {
        return Header.decode(
                Body.allocate(16)
                        .putShort((short) 1)
                        .putShort((short) 4)
                        .putInt(size)
                        .putInt(flags)
                        .putInt(0)
                        .flip(),
                100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"capabilities\":{\"max_msg_fds\":8}}", // Without NUL.
                "\0",
                "{\0",
                "not json\0",
                "[]\0",
                "{\"capabilities\":[]}\0",
                "{\"capabilities\":7}\0",
                "{\"capabilities\":null}\0",
                "{\"capabilities\":{\"max_msg_fds\":\"8\"}}\0",
                "{\"capabilities\":{\"max_msg_fds\":0}}\0",
                "{\"capabilities\":{\"max_msg_fds\":-1}}\0",
                "{\"capabilities\":{\"max_msg_fds\":1.5}}\0",
                "{\"capabilities\":{\"max_data_xfer_size\":18446744073709551616}}\0",
                "{\"capabilities\":{\"max_dma_maps\":true}}\0",
                "{\"capabilities\":{\"pgsizes\":null}}\0",
                "{\"capabilities\":{\"max_msg_fds\":1,\"max_msg_fds\":2}}\0",
                "{\"capabilities\":{}}\0{}\0",
                "{\"capabilities\":{}}x\0"
            })
    void versionDataThatCannotBeMeantIsRefused(String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = Body.allocate(4 + bytes.length).putInt(0).put(bytes).flip();
        assertThatThrownBy(() -> Version.decode(body)).isInstanceOf(RefusedException.class);
    }

    @Test
    void versionDataThatIsNoUtf8IsRefused() {
        ByteBuffer body = Body.allocate(8)
                .putInt(0)
                .put(new byte[] {'"', (byte) 0xc3, '"', 0})
                .flip();
        assertThatThrownBy(() -> Version.decode(body))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void capabilitiesThatAreNotSaidHaveTheDefaultsOfTheSpecification() throws RefusedException {
        Version version = Version.decode(Body.allocate(4));
        assertThat(version.capabilities().descriptorsPerMessage()).isEqualTo(1);
        assertThat(version.capabilities().bytesPerTransfer()).isEqualTo(1 << 20);
        assertThat(version.capabilities().dmaMaps()).isEqualTo(65535);
        assertThat(Capabilities.parse("{\"other\":1,\"capabilities\":{\"twin_socket\":{\"supported\":true}}}"))
                .isEqualTo(Capabilities.NONE);
        assertThat(CAPABILITIES.within(new Capabilities(1L, null, null, 4096L)))
                .isEqualTo(new Capabilities(8L, null, null, 4096L));
    }

    @Test
    void bodiesOfTheWrongSizeAreRefused() {
        for (Request request : requests()) {
            if (request instanceof Version || request instanceof Request.Unsupported) {
                continue;
            }
            int bytes = request.encode().remaining();
            for (int wrong : new int[] {bytes - 1, bytes + 1}) {
                if (wrong >= 0) {
                    ByteBuffer body = Body.allocate(wrong);
                    assertThatThrownBy(() -> Request.decode(request.command(), body))
                            .isInstanceOf(RefusedException.class);
                }
            }
        }
    }

    @Test
    void argumentSizesThatDoNotFitAreRefused() {
        for (Command command : List.of(
                Command.DMA_MAP,
                Command.DMA_UNMAP,
                Command.DEVICE_GET_INFO,
                Command.DEVICE_GET_REGION_INFO,
                Command.DEVICE_GET_IRQ_INFO)) {
            int bytes = switch (command) {
                case DMA_MAP, DEVICE_GET_REGION_INFO -> 32;
                case DMA_UNMAP -> 24;
                default -> 16;
            };
            ByteBuffer body = Body.allocate(bytes).putInt(0, bytes - 1);
            assertThatThrownBy(() -> Request.decode(command, body))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("argsz");
        }
    }

    @Test
    void settingInterruptsInAWayThatThereIsNotIsRefused() {
        for (int flags : new int[] {0, 0x20, 0x04, 0x26, 0x34, 0x64, 0x3f, -1}) {
            ByteBuffer body = Body.allocate(20).putInt(0, 20).putInt(4, flags);
            assertThatThrownBy(() -> Request.decode(Command.DEVICE_SET_IRQS, body))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("flags");
        }
        ByteBuffer larger = Body.allocate(20).putInt(0, 24).putInt(4, 0x24);
        assertThatThrownBy(() -> Request.decode(Command.DEVICE_SET_IRQS, larger))
                .isInstanceOf(RefusedException.class);
        ByteBuffer booleans = Body.allocate(22).putInt(0, 22).putInt(4, 0x22).putInt(16, 3);
        assertThatThrownBy(() -> Request.decode(Command.DEVICE_SET_IRQS, booleans))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("3 interrupts");
    }

    @Test
    void regionInfoWithABrokenChainIsRefused() {
        int[][] changes = {
            {12, 64}, // The capability begins behind the end,
            {12, 8}, // within the structure,
            {12, -8}, // before it;
            {36, 32}, // the next one is the one itself,
            {36, 60}, // or has no room;
            {40, 2}, // there is one area, and not two,
            {40, -1}, // or four billion;
            {48, 0x4000}, // it begins behind the region,
            {56, 0x4001}, // ends behind it,
            {60, -1} // or wraps.
        };
        for (int[] change : changes) {
            ByteBuffer info = Reply.RegionInfo.of(7, 0, 0x4000, List.of(new Reply.RegionInfo.Area(0x1000, 0x1000)))
                    .encode();
            info.putInt(change[0], change[1]);
            assertThatThrownBy(() -> Reply.decode(Command.DEVICE_GET_REGION_INFO, info))
                    .as("%d at %d", change[1], change[0])
                    .isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void capabilitiesOfRegionsThatAreNotKnownAreSkipped() throws RefusedException {
        ByteBuffer info = Body.allocate(72);
        info.putInt(72).putInt(0xf).putInt(0).putInt(32).putLong(0x4000).putLong(0);
        info.putShort((short) 2).putShort((short) 1).putInt(40);
        info.putShort((short) 1)
                .putShort((short) 1)
                .putInt(0)
                .putInt(1)
                .putInt(0)
                .putLong(0x1000)
                .putLong(0x1000);
        var decoded = (Reply.RegionInfo) Reply.decode(Command.DEVICE_GET_REGION_INFO, info.flip());
        assertThat(decoded.areas()).containsExactly(new Reply.RegionInfo.Area(0x1000, 0x1000));
    }
}
