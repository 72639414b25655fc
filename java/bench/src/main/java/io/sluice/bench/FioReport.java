package io.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code sluice fio} beside fio, on the same job file, latencies measured by both. */
final class FioReport {
    /** The first one in a report is that of the reads. */
    private static final Pattern IOPS = Pattern.compile("\"iops\"\\s*:\\s*([0-9.]+)");

    private FioReport() {}

    /** Measures, with the command in the jar that {@code -Dsluice.jar} names. */
    static Report measure(boolean quick) throws IOException, InterruptedException {
        Path jobs = Files.createTempFile("sluice-bench", ".fio");
        try {
            return FioTurns.measure(
                    "fio",
                    "sluice fio",
                    "the same job file",
                    (file, batch) -> iops(List.of("fio"), jobs, job(file, batch, quick)),
                    (file, batch) -> iops(sluice(), jobs, job(file, batch, quick)),
                    quick);
        } finally {
            Files.delete(jobs);
        }
    }

    private static String job(Path file, int batch, boolean quick) {
        return String.join(
                "\n",
                "[reads]",
                "filename=" + file,
                "rw=randread",
                "norandommap",
                "bs=4k",
                "direct=1",
                "ioengine=io_uring",
                "fixedbufs=1",
                "registerfiles=1",
                "iodepth=" + FioTurns.DEPTH,
                "iodepth_batch_submit=" + batch,
                "iodepth_batch_complete_min=" + batch,
                "time_based",
                "ramp_time=" + (quick ? "300ms" : "2s"),
                "runtime=" + (quick ? "500ms" : "3s"),
                "");
    }

    private static List<String> sluice() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("sluice.jar", "java/cli/target/sluice.jar"),
                "fio");
    }

    private static double iops(List<String> program, Path jobs, String job) throws IOException, InterruptedException {
        Files.writeString(jobs, job);
        String output =
                FioTurns.output(Stream.concat(program.stream(), Stream.of("--output-format=json", jobs.toString()))
                        .toList());
        Matcher matcher = IOPS.matcher(output);
        if (!matcher.find()) {
            throw new IOException(program.get(0) + " told no IOPS: " + output);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
