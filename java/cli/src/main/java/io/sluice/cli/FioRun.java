package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.Geometry;
import io.sluice.tester.Measured;
import io.sluice.tester.Placement;
import io.sluice.tester.Target;
import io.sluice.tester.TestRun;
import io.sluice.tester.Trace;
import io.sluice.tester.Traces;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs jobs: all at once, but for those that wait for the ones before them. */
final class FioRun implements Closeable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** A device that jobs name, opened once for all of them. */
    private record Opened(BlockDevice device, Layers layers) {}

    /** A copy of a job and the group that it is reported in. */
    private record Session(FioJob job, int group) {}

    private final Environment environment;
    private final List<FioJob> jobs;
    private final Map<String, Opened> devices = new LinkedHashMap<>();
    private final List<FioRow> rows = new ArrayList<>();
    private int sessions;

    FioRun(Environment environment, List<FioJob> jobs) {
        this.environment = environment;
        this.jobs = jobs;
    }

    /** Runs all of them; a row for each job, its copies or group. */
    List<FioRow> run() throws IOException, FioException {
        for (FioJob job : jobs) {
            if (FioFiles.layOut(job.device(), job.neededBytes())) {
                environment.err().print(job.name() + ": laid out " + job.device() + "\n");
            }
        }
        List<Session> together = new ArrayList<>();
        int group = 0;
        for (FioJob job : jobs) {
            if (job.stonewall() && !together.isEmpty()) {
                runTogether(together);
                together.clear();
            }
            if (job.beginsGroup() && sessions + together.size() > 0) {
                group++;
            }
            for (int copy = 0; copy < job.copies(); copy++) {
                together.add(new Session(job, group));
            }
        }
        runTogether(together);
        return grouped();
    }

    private void runTogether(List<Session> together) throws IOException, FioException {
        List<Placement> placements = new ArrayList<>();
        Map<FioJob, Trace> traces = new LinkedHashMap<>();
        Map<FioJob, Integer> copies = new LinkedHashMap<>();
        for (Session session : together) {
            FioJob job = session.job;
            if (job.trace() != null && !traces.containsKey(job)) {
                traces.put(job, Traces.read(job.trace()));
            }
            Opened opened = open(job.device());
            Geometry geometry = opened.device.geometry();
            int copy = copies.merge(job, 1, Integer::sum) - 1;
            placements.add(new Placement(
                    target(opened, job),
                    job.workload(
                            geometry.blockCount() * geometry.blockBytes(), copy, jobs.indexOf(job), traces.get(job))));
        }
        List<Measured> parts;
        try (TestRun run = TestRun.open(placements)) {
            long start = System.nanoTime();
            Closeable line = ProgressLine.start(
                    environment,
                    () -> "Jobs: " + together.size() + ", " + (System.nanoTime() - start) / NANOS_PER_SECOND + " s, "
                            + Decimals.grouped(run.done()) + " I/Os");
            try (line) {
                parts = run.run().parts();
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            sessions++;
            Session session = together.get(i);
            FioLogs.write(session.job, parts.get(i), sessions);
            rows.add(FioRow.of(session.job, session.group, List.of(parts.get(i))));
        }
    }

    private static Target target(Opened opened, FioJob job) throws IOException {
        return opened.layers.target(
                switch (job.engine()) {
                    case SYNC -> BenchLayer.NIO;
                    case POSIXAIO -> BenchLayer.AIO;
                    case SLUICE -> BenchLayer.SESSION;
                });
    }

    private Opened open(DeviceName name) throws IOException {
        Opened opened = devices.get(name.toString());
        if (opened == null) {
            BlockDevice device = environment.devices().open(name);
            opened = new Opened(device, new Layers(device));
            devices.put(name.toString(), opened);
        }
        return opened;
    }

    // A group is one row where its first job wants that.
    private List<FioRow> grouped() {
        Map<Integer, List<FioRow>> groups = new LinkedHashMap<>();
        rows.forEach(row ->
                groups.computeIfAbsent(row.group(), unused -> new ArrayList<>()).add(row));
        List<FioRow> reported = new ArrayList<>();
        for (List<FioRow> members : groups.values()) {
            if (members.get(0).job().groupReporting()) {
                reported.add(FioRow.of(
                        members.get(0).job(),
                        members.get(0).group(),
                        members.stream()
                                .flatMap(member -> member.parts().stream())
                                .toList()));
            } else {
                reported.addAll(members);
            }
        }
        return reported;
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (Opened opened : devices.values()) {
            for (Closeable part : List.of(opened.layers, opened.device)) {
                try {
                    part.close();
                } catch (IOException e) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
