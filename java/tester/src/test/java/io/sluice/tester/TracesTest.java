package io.sluice.tester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracesTest {
    private static final int READ = 1 << 16;
    private static final int WRITE = 1 << 17;
    private static final int FLUSH = 1 << 18;
    private static final int DISCARD = 1 << 29;

    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("trace"), text);
    }

    private static String shown(Trace trace) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < trace.size(); i++) {
            text.append(trace.nanos(i) / 1000)
                    .append(' ')
                    .append(trace.operation(i))
                    .append(' ')
                    .append(trace.position(i))
                    .append(' ')
                    .append(trace.length(i))
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void readsOurs() throws IOException {
        Trace trace = Traces.read(file("""
                sluice trace 1
                # microseconds, operation, position, length
                100 read 4096 8192
                150 write 0 512

                151 trim 1048576 1048576
                152 zeroes 0 4096
                160 sync
                """));

        assertThat(shown(trace))
                .isEqualTo(
                        "0 READ 4096 8192\n50 WRITE 0 512\n51 TRIM 1048576 1048576\n52 WRITE_ZEROES 0 4096\n60 SYNC 0 0\n");
    }

    @Test
    void readsFiosIologOfVersion2() throws IOException {
        Trace trace = Traces.read(file("""
                fio version 2 iolog
                /tmp/f add
                /tmp/f open
                /tmp/f read 0 4096
                /tmp/f wait 250 0
                /tmp/f write 4096 4096
                /tmp/f wait 150 0
                /tmp/f datasync 0 0
                /tmp/f close
                """));

        assertThat(shown(trace)).isEqualTo("0 READ 0 4096\n250 WRITE 4096 4096\n400 SYNC 0 0\n");
    }

    @Test
    void readsFiosIologOfVersion3() throws IOException {
        Trace trace = Traces.read(file("""
                fio version 3 iolog
                18 /tmp/f add
                138 /tmp/f open
                142 /tmp/f read 0 4096
                1106 /tmp/f trim 28672 4096
                1847 /tmp/f sync 20480 0
                2000 /tmp/f close
                """));

        assertThat(shown(trace)).isEqualTo("0 READ 0 4096\n964 TRIM 28672 4096\n1705 SYNC 0 0\n");
    }

    private static byte[] record(ByteOrder order, long nanos, long sector, int bytes, int action, int payload) {
        ByteBuffer record = ByteBuffer.allocate(48 + payload).order(order);
        record.putInt(0x65617407)
                .putInt(0)
                .putLong(nanos)
                .putLong(sector)
                .putInt(bytes)
                .putInt(action);
        record.putShort(46, (short) payload);
        return record.array();
    }

    @Test
    void readsWhatBlktraceWroteOnEachProcessorInTheOrderOfTime() throws IOException {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.write(record(ByteOrder.LITTLE_ENDIAN, 5_000_000, 8, 4096, READ | 1, 0));
        // A completion, and a message: neither was queued.
        first.write(record(ByteOrder.LITTLE_ENDIAN, 5_500_000, 8, 4096, READ | 8, 0));
        first.write(record(ByteOrder.LITTLE_ENDIAN, 5_600_000, 0, 0, 1 << 26, 5));
        first.write(record(ByteOrder.LITTLE_ENDIAN, 7_000_000, 0, 0, FLUSH | WRITE | 1, 0));
        Files.write(directory.resolve("sda.blktrace.0"), first.toByteArray());
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        second.write(record(ByteOrder.LITTLE_ENDIAN, 6_000_000, 16, 512, WRITE | 1, 12));
        second.write(record(ByteOrder.LITTLE_ENDIAN, 8_000_000, 0, 1 << 20, DISCARD | WRITE | 1, 0));
        Files.write(directory.resolve("sda.blktrace.1"), second.toByteArray());

        assertThat(shown(Traces.read(directory.resolve("sda"))))
                .isEqualTo("0 READ 4096 4096\n1000 WRITE 8192 512\n2000 SYNC 0 0\n3000 TRIM 0 1048576\n");
    }

    @Test
    void readsBlktraceOfAMachineOfTheOtherByteOrder() throws IOException {
        Path one = directory.resolve("one");
        Files.write(one, record(ByteOrder.BIG_ENDIAN, 5, 3, 1024, READ | 1, 0));

        assertThat(shown(Traces.read(one))).isEqualTo("0 READ 1536 1024\n");
    }

    @Test
    void saysWhereBlktracesFileIsBroken() throws IOException {
        Path one = directory.resolve("one");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(record(ByteOrder.LITTLE_ENDIAN, 5, 3, 1024, READ | 1, 0));
        bytes.write(record(ByteOrder.LITTLE_ENDIAN, 6, 3, 1024, READ | 1, 100), 0, 60);
        Files.write(one, bytes.toByteArray());
        assertThatThrownBy(() -> Traces.read(one))
                .isInstanceOf(TesterException.class)
                .hasMessageContaining("ends within the record at byte 48");

        Files.write(one, record(ByteOrder.LITTLE_ENDIAN, 5, -3, 1024, READ | 1, 0));
        assertThatThrownBy(() -> Traces.read(one)).hasMessageContaining("1024 bytes at sector -3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello | 1: expected 'sluice trace 1'",
                "'' | 1: expected 'sluice trace 1'",
                "sluice trace 1;1 read 0 | 2: a read has a position and a length",
                "sluice trace 1;1 read 0 0 | 2: 0 bytes at 0",
                "sluice trace 1;1 read -1 512 | 2: '-1' is no number",
                "sluice trace 1;1 read 9223372036854775807 512 | 2: 512 bytes at 9223372036854775807",
                "sluice trace 1;1 read 0 4294967296 | 2: 4294967296 bytes",
                "sluice trace 1;#;x read 0 512 | 3: 'x' is no number",
                "sluice trace 1;99999999999999999 read 0 512 | 2: a time of",
                "sluice trace 1;1 erase 0 512 | 2: 'erase' is no operation",
                "fio version 2 iolog;f | 2: expected FILE ACTION",
                "fio version 3 iolog;1 f wait 100 0 | 2: 'wait' is no action",
            })
    void saysInWhichLineATraceIsWrong(String lines, String message) throws IOException {
        Path path = file(lines.replace(';', '\n'));

        assertThatThrownBy(() -> Traces.read(path))
                .isInstanceOf(TesterException.class)
                .hasMessageStartingWith(path + ":" + message);
    }
}
