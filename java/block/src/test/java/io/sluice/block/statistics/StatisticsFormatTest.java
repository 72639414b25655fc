package io.sluice.block.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class StatisticsFormatTest {
    private static final ProcessIdentity PROCESS = new ProcessIdentity(4711, 123456, 4026531836L);
    private static final ProcessStatistics STATISTICS =
            Readings.of(PROCESS, Readings.session("0000:03:00.0/n1", "datenbank \u00fc"), Readings.session("b", ""));

    private static ByteBuffer copy(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        return copy.put(bytes.duplicate()).flip();
    }

    /** With a checksum that fits, so that what is behind it is looked at. */
    private static ByteBuffer sealed(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        int length = Math.max(20, Math.min(bytes.limit(), bytes.getInt(12)));
        sum.update(bytes.duplicate().limit(length).position(20));
        return bytes.putInt(16, (int) sum.getValue());
    }

    @Test
    void whatIsWrittenIsRead() throws StatisticsFormatException {
        assertThat(StatisticsFormat.decode(StatisticsFormat.encode(STATISTICS))).isEqualTo(STATISTICS);
        assertThat(StatisticsFormat.decode(StatisticsFormat.encode(Readings.of(PROCESS)))
                        .sessions())
                .isEmpty();
    }

    @Test
    void manySessionsFit() throws StatisticsFormatException {
        SessionReading[] sessions = new SessionReading[2000];
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] = Readings.session("device " + i, "label");
        }
        ProcessStatistics many = Readings.of(PROCESS, sessions);
        assertThat(StatisticsFormat.decode(StatisticsFormat.encode(many))).isEqualTo(many);
    }

    @Test
    void theHeaderIsAsDocumented() {
        ByteBuffer bytes = copy(StatisticsFormat.encode(STATISTICS));
        byte[] magic = new byte[8];
        bytes.get(0, magic);
        assertThat(magic).asString().isEqualTo("SLUICEST");
        assertThat(bytes.getInt(8)).isEqualTo(1);
        assertThat(bytes.getInt(12)).isEqualTo(bytes.limit());
        assertThat(bytes.getInt(20)).isEqualTo(2);
        assertThat(bytes.getLong(24)).isEqualTo(4711);
    }

    @Test
    void whatIsCutShortOrChangedIsNoticed() {
        ByteBuffer whole = copy(StatisticsFormat.encode(STATISTICS));
        for (int end = 0; end < whole.limit(); end++) {
            ByteBuffer part = whole.duplicate().limit(end);
            assertThatThrownBy(() -> StatisticsFormat.decode(part)).isInstanceOf(StatisticsFormatException.class);
        }
        for (int at = 0; at < whole.limit(); at++) {
            ByteBuffer changed = copy(whole);
            changed.put(at, (byte) (changed.get(at) ^ 0x10));
            assertThatThrownBy(() -> StatisticsFormat.decode(changed))
                    .as("byte %d", at)
                    .isInstanceOf(StatisticsFormatException.class);
        }
    }

    @Test
    void whateverSomebodyMadeUpIsReadOrRefused() {
        SplittableRandom random = new SplittableRandom(11);
        ByteBuffer whole = copy(StatisticsFormat.encode(STATISTICS));
        int[] hostile = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30, 0, 3000};
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            ByteBuffer bytes = copy(whole);
            int at = 12 + random.nextInt(bytes.limit() - 15);
            if (random.nextBoolean()) {
                bytes.putInt(at, hostile[random.nextInt(hostile.length)]);
            } else {
                bytes.put(at, (byte) random.nextInt());
            }
            try {
                StatisticsFormat.decode(sealed(bytes));
            } catch (StatisticsFormatException wrong) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void anotherVersionIsNamed() {
        ByteBuffer bytes = copy(StatisticsFormat.encode(STATISTICS)).putInt(8, 2);
        assertThatThrownBy(() -> StatisticsFormat.decode(bytes)).hasMessageContaining("version 2");
    }

    @Test
    void whatWouldSteerATerminalIsReplaced() throws StatisticsFormatException {
        ProcessStatistics read = StatisticsFormat.decode(
                StatisticsFormat.encode(Readings.of(PROCESS, Readings.session("a\033[2Jb", "c\nd\u202ee"))));
        assertThat(read.sessions().get(0).device()).isEqualTo("a?[2Jb");
        assertThat(read.sessions().get(0).label()).isEqualTo("c?d?e");
    }
}
