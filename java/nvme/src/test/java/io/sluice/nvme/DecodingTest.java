package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data structures of the controller, from bytes at the places that the specification gives. */
class DecodingTest {
    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] raw(ByteBuffer data) {
        byte[] raw = new byte[data.capacity()];
        data.get(0, raw);
        return raw;
    }

    @Test
    void identifyController() {
        ByteBuffer data = ScriptedIdentity.controller();
        data.putInt(88, 8_000_000);
        data.putLong(280, 1L << 40);
        data.putInt(516, -1);
        data.putShort(528, (short) 15);
        data.putInt(536, 0x5_0002);
        data.put(263, (byte) 2).put(265, (byte) 1);
        data.putInt(272, 4).putInt(276, 2).putInt(332, 1).putShort(336, (short) 9);
        // 25 W; 0.9 W, 0.3 W idle, 0.5 W active; 5 mW in units of 0.1 mW, not operational.
        data.putShort(2048, (short) 2500);
        data.putShort(2080, (short) 90).putInt(2084, 5).putInt(2088, 6);
        data.putShort(2096, (short) 30).put(2098, (byte) (2 << 6));
        data.putShort(2100, (short) 5000).put(2102, (byte) (1 << 6 | 1));
        data.putShort(2112, (short) 50).put(2115, (byte) 3).putInt(2116, -1);
        IdentifyController identify = IdentifyController.decode(raw(data));

        assertThat(identify)
                .isEqualTo(new IdentifyController(
                        0x1b36,
                        0x1af4,
                        "SERIAL-1",
                        "Scripted controller",
                        "1.0",
                        7,
                        5,
                        0x1_0400,
                        8_000_000,
                        0x300,
                        0x0a,
                        4,
                        4,
                        64,
                        4,
                        343,
                        373,
                        1L << 40,
                        6,
                        4,
                        0,
                        0xffff_ffffL,
                        0x0c,
                        16,
                        true,
                        0x5_0002,
                        "nqn.2026-01.io.sluice:scripted",
                        List.of(
                                new PowerState(25_000_000, true, 0, 0, 0, 0),
                                new PowerState(900_000, true, 5, 6, 300_000, 500_000),
                                new PowerState(5_000, false, 0xffff_ffffL, 0, 0, 0)),
                        true,
                        16_384,
                        8192,
                        4096,
                        9));
        assertThat(identify.datasetManagement()).isTrue();
        assertThat(identify.writeZeroes()).isTrue();
        assertThat(identify.scatterGatherLists()).isTrue();
        assertThat(identify.namespaceManagement()).isTrue();
    }

    @Test
    void anEmptyIdentifyControllerIsDecodedToo() {
        IdentifyController identify = IdentifyController.decode(new byte[4096]);

        assertThat(identify.serialNumber()).isEmpty();
        assertThat(identify.subsystemName()).isEmpty();
        assertThat(identify.scatterGatherLists()).isFalse();
        assertThat(identify.namespaceManagement()).isFalse();
    }

    @Test
    void identifyNamespace() throws ControllerException {
        ByteBuffer data = bytes(4096);
        data.putLong(0, 1000).putLong(8, 900).putLong(16, 800);
        data.put(24, (byte) 0x10).put(25, (byte) 3).put(26, (byte) 2).put(29, (byte) 1);
        data.putShort(46, (short) 256).putShort(64, (short) 7);
        data.putLong(48, 512_000);
        data.put(99, (byte) 1);
        data.put(104, (byte) 0xab).put(127, (byte) 0xcd);
        data.putInt(128, 9 << 16)
                .putInt(132, 9 << 16 | 8)
                .putInt(136, 12 << 16 | 2 << 24)
                .putInt(140, 12 << 16 | 64);

        IdentifyNamespace namespace = IdentifyNamespace.decode(5, raw(data));

        assertThat(namespace.namespaceId()).isEqualTo(5);
        assertThat(namespace.sizeBlocks()).isEqualTo(1000);
        assertThat(namespace.capacityBlocks()).isEqualTo(900);
        assertThat(namespace.utilisationBlocks()).isEqualTo(800);
        assertThat(namespace.formats())
                .containsExactly(
                        new LbaFormat(9, 0, 0),
                        new LbaFormat(9, 8, 0),
                        new LbaFormat(12, 0, 2),
                        new LbaFormat(12, 64, 0));
        assertThat(namespace.formatIndex()).isEqualTo(2);
        assertThat(namespace.extendedMetadata()).isFalse();
        assertThat(namespace.protection()).isEqualTo(1);
        assertThat(namespace.writeProtected()).isTrue();
        assertThat(namespace.optimalIoBoundaryBlocks()).isEqualTo(256);
        assertThat(namespace.preferredWriteBlocks()).isEqualTo(8);
        assertThat(namespace.capacityBytes()).isEqualTo(512_000);
        assertThat(namespace.guid()).isEqualTo("ab" + "00".repeat(15));
        assertThat(namespace.eui64()).isEqualTo("00".repeat(7) + "cd");
        assertThat(namespace.checkedFormat("n")).isEqualTo(new LbaFormat(12, 0, 2));
    }

    @Test
    void atomicWritesAreTheNamespacesOwnOnlyWhereItSaysSo() {
        ByteBuffer data = bytes(4096).putShort(36, (short) 7);
        assertThat(IdentifyNamespace.decode(1, raw(data)).atomicWriteBlocks()).isZero();
        data.put(24, (byte) 2);
        assertThat(IdentifyNamespace.decode(1, raw(data)).atomicWriteBlocks()).isEqualTo(8);
        data.putShort(44, (short) 4);
        assertThat(IdentifyNamespace.decode(1, raw(data)).atomicWriteBlocks())
                .as("boundaries could be anywhere in a write of more than one block")
                .isEqualTo(1);
    }

    @Test
    void theIndexOfTheFormatIsExtendedOnlyWhereThereAreMoreThanSixteen() {
        ByteBuffer data = bytes(4096);
        data.put(25, (byte) 15).put(26, (byte) 0x61);
        assertThat(IdentifyNamespace.decode(1, raw(data)).formatIndex()).isEqualTo(1);
        data.put(25, (byte) 63);
        assertThat(IdentifyNamespace.decode(1, raw(data)).formatIndex()).isEqualTo(0x31);
        data.put(25, (byte) 255);
        assertThat(IdentifyNamespace.decode(1, raw(data)).formats()).hasSize(64);
    }

    @Test
    void anEmptyIdentifyNamespaceIsDecodedAndRefusedAsAFormat() {
        IdentifyNamespace empty = IdentifyNamespace.decode(1, new byte[4096]);

        assertThat(empty.guid()).isEmpty();
        assertThat(empty.eui64()).isEmpty();
        assertThat(empty.preferredWriteBlocks()).isZero();
        assertThatThrownBy(() -> empty.checkedFormat("n")).hasMessageStartingWith("n: blocks of 2^0 bytes");
    }

    @Test
    void smartLog() {
        ByteBuffer data = bytes(512);
        data.put(0, (byte) 0x1f)
                .putShort(1, (short) 300)
                .put(3, (byte) 100)
                .put(4, (byte) 10)
                .put(5, (byte) 255);
        for (int i = 0; i < 10; i++) {
            data.putLong(32 + 16 * i, i + 1);
        }
        data.putLong(176, -1);
        data.putLong(168, 1);

        SmartLog log = SmartLog.decode(raw(data));

        assertThat(log)
                .isEqualTo(
                        new SmartLog(0x1f, 300, 100, 10, 255, 1, 2, 3, 4, 5, 6, 7, 8, Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(log.temperatureCelsius()).isEqualTo(27);
    }

    @Test
    void errorLogEntry() {
        ByteBuffer data = bytes(128);
        data.putLong(64, 5).putShort(72, (short) 3).putShort(74, (short) 0xfffe);
        data.putShort(76, (short) (0x4281 << 1 | 1)).putShort(78, (short) -1);
        data.putLong(80, 1L << 40).putInt(88, 2);

        assertThat(ErrorLogEntry.decode(raw(data), 64))
                .isEqualTo(new ErrorLogEntry(5, 3, 0xfffe, new Status(2, 0x81, false, true), 0xffff, 1L << 40, 2));
    }

    @Test
    void firmwareLog() {
        ByteBuffer data = bytes(512);
        data.put(0, (byte) 0xff);
        data.put(56, (byte) 'Z');

        FirmwareLog log = FirmwareLog.decode(raw(data));

        assertThat(log.activeSlot()).isEqualTo(7);
        assertThat(log.nextSlot()).isEqualTo(7);
        assertThat(log.revisions()).containsExactly("", "", "", "", "", "", "Z");
    }

    @Test
    void asyncEvent() {
        assertThat(AsyncEvent.decode(0xab_cd_ef_fa)).isEqualTo(new AsyncEvent(2, 0xef, 0xcd));
    }
}
