package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** fio itself on the same files: what it writes sluice verifies, what sluice writes it verifies, and both say the same of the same job. */
class RealFioTest {
    @TempDir
    private Path directory;

    private record Ended(int status, String output) {}

    private Ended fio(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("fio"));
        command.addAll(arguments);
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new AssertionError("fio is missing: install it (Debian: apt-get install fio)", e);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static CommandRun sluice(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("fio"));
        command.addAll(arguments);
        return CommandRun.everything(command.toArray(String[]::new));
    }

    private List<String> job(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("--name=a", "--filename=" + directory.resolve("file"), "--size=1m"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bs=4k --verify=crc32c",
                "--bs=16k --verify=crc32c --verify_interval=4k",
                "--bs=4k --verify=pattern --verify_pattern=0xdeadbeef01",
            })
    void fioVerifiesWhatSluiceWroteAndTheReverse(String options) throws IOException, InterruptedException {
        List<String> writing = job(options.split(" "));
        writing.addAll(List.of("--rw=randwrite", "--ioengine=io_uring", "--iodepth=8"));
        List<String> reading = job(options.split(" "));
        reading.addAll(List.of("--rw=read"));

        CommandRun written = sluice(writing);
        assertThat(written.status()).as(written.err()).isZero();
        Ended read = fio(reading);
        assertThat(read.status).as(read.output).isZero();

        Files.delete(directory.resolve("file"));
        // Its engine for every kernel: which one writes the bytes is the same.
        List<String> theirs = job(options.split(" "));
        theirs.addAll(List.of("--rw=randwrite", "--do_verify=0"));
        Ended wrote = fio(theirs);
        assertThat(wrote.status).as(wrote.output).isZero();
        CommandRun verified = sluice(reading);
        assertThat(verified.status()).as(verified.err()).isZero();
    }

    @Test
    void bothFindTheSameDamage() throws IOException, InterruptedException {
        CommandRun written = sluice(job("--bs=4k", "--verify=crc32c", "--rw=write", "--ioengine=io_uring"));
        assertThat(written.status()).as(written.err()).isZero();
        try (FileChannel channel = FileChannel.open(directory.resolve("file"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 100_000);
        }
        List<String> reading = job("--bs=4k", "--verify=crc32c", "--rw=read");

        assertThat(fio(reading).status).isNotZero();
        CommandRun found = sluice(reading);
        assertThat(found.status()).isEqualTo(1);
        assertThat(found.err()).contains("at byte 98304");
    }

    /** Every name in the JSON, with the kind of its value. */
    private static Map<String, String> shape(JsonNode json) {
        Map<String, String> shape = new TreeMap<>();
        collect("", json, shape);
        return shape;
    }

    private static void collect(String path, JsonNode node, Map<String, String> shape) {
        if (node.isObject()) {
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                collect(path + "/" + name, node.get(name), shape);
            }
        } else if (node.isArray()) {
            node.forEach(element -> collect(path + "[]", element, shape));
        } else {
            shape.put(path, node.isNumber() ? (node.isIntegralNumber() ? "integer" : "number") : "text");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "psync", "posixaio"})
    void theJsonHasTheSameFieldsAndSaysTheSameOfTheSameJobs(String engine) throws IOException, InterruptedException {
        Path jobs = Files.writeString(directory.resolve("jobs.fio"), """
                [global]
                filename=%s
                size=1m
                bs=4k
                direct=1
                ioengine=%s
                iodepth=8
                [read]
                rw=randread
                [write]
                stonewall
                rw=write
                numjobs=2
                fsync=32
                [mixed]
                new_group
                rw=randrw
                size=512k
                """.formatted(directory.resolve("file"), engine));
        Ended theirs = fio(List.of("--output-format=json", jobs.toString()));
        assertThat(theirs.status).as(theirs.output).isZero();
        CommandRun ours = sluice(List.of("--output-format=json", jobs.toString()));
        assertThat(ours.status()).as(ours.err()).isZero();

        ObjectMapper mapper = new ObjectMapper();
        // Notes that fio makes come before its JSON.
        JsonNode fio = mapper.readTree(theirs.output.substring(theirs.output.indexOf('{')));
        JsonNode sluice = mapper.readTree(ours.out());
        Map<String, String> expected = shape(fio);
        // Which disks are underneath is the kernel's to count.
        expected.keySet().removeIf(path -> path.startsWith("/disk_util"));
        Map<String, String> found = shape(sluice);
        List<String> different = Stream.concat(expected.keySet().stream(), found.keySet().stream())
                .filter(path -> !Objects.equals(expected.get(path), found.get(path)))
                .toList();
        assertThat(different).isEmpty();

        assertThat(sluice.get("global options")).isEqualTo(fio.get("global options"));
        assertThat(sluice.get("jobs")).hasSameSizeAs(fio.get("jobs"));
        for (int i = 0; i < fio.get("jobs").size(); i++) {
            JsonNode mine = sluice.get("jobs").get(i);
            JsonNode its = fio.get("jobs").get(i);
            for (String same : List.of("jobname", "groupid", "error", "job options", "latency_depth")) {
                assertThat(mine.get(same)).as(same).isEqualTo(its.get(same));
            }
            long moved = 0;
            long itsMoved = 0;
            for (String direction : List.of("read", "write", "trim")) {
                moved += mine.get(direction).get("io_bytes").asLong();
                itsMoved += its.get(direction).get("io_bytes").asLong();
                if (i < 3) {
                    assertThat(mine.get(direction).get("total_ios"))
                            .isEqualTo(its.get(direction).get("total_ios"));
                }
            }
            assertThat(moved).isEqualTo(itsMoved);
        }
    }
}
