package io.sluice.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A session over io_uring beside fio's engine of that name, with the same options: past the page cache, registered file and memory. fio is spared looking at the
 * clock for each read, which the session does not do either.
 */
final class UringReport {
    /** Read reads a second, in fio's terse output of version 3. */
    private static final int TERSE_IOPS = 7;

    private UringReport() {}

    static Report measure(boolean quick) throws IOException, InterruptedException {
        return FioTurns.measure(
                "uring",
                "session",
                "direct, registered file and memory",
                (file, batch) -> fio(file, batch, quick),
                (file, batch) -> session(file, batch, quick),
                quick);
    }

    private static double fio(Path file, int batch, boolean quick) throws IOException, InterruptedException {
        List<String> command = List.of(
                "fio",
                "--name=reads",
                "--filename=" + file,
                "--readonly",
                "--rw=randread",
                "--bs=4k",
                "--iodepth=" + FioTurns.DEPTH,
                "--iodepth_batch_submit=" + batch,
                "--iodepth_batch_complete_min=1",
                "--iodepth_batch_complete_max=" + batch,
                "--ioengine=io_uring",
                "--direct=1",
                "--fixedbufs=1",
                "--registerfiles=1",
                "--norandommap",
                "--gtod_reduce=1",
                "--time_based",
                "--ramp_time=" + (quick ? "300ms" : "2s"),
                "--runtime=" + (quick ? "500ms" : "3s"),
                "--output-format=terse",
                "--terse-version=3");
        String output = FioTurns.output(command);
        String line = output.lines()
                .filter(one -> one.startsWith("3;"))
                .findFirst()
                .orElseThrow(() -> new IOException("fio printed no line of results: " + output));
        return Double.parseDouble(line.split(";", -1)[TERSE_IOPS]);
    }

    private static double session(Path file, int batch, boolean quick) throws IOException, InterruptedException {
        Process reader = Programs.start(
                FileReadLoop.class,
                file.toString(),
                String.valueOf(FioTurns.DEPTH),
                String.valueOf(batch),
                quick ? "300" : "2000",
                quick ? "500" : "3000");
        reader.getOutputStream().close();
        String line = Programs.firstLine(reader);
        if (reader.waitFor() != 0) {
            throw new IOException("the reader ended with exit code " + reader.exitValue());
        }
        String[] numbers = line.split(" ", -1);
        return Long.parseLong(numbers[0]) * 1e9 / Long.parseLong(numbers[1]);
    }
}
