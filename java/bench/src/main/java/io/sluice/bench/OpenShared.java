package io.sluice.bench;

import io.sluice.block.Job;
import io.sluice.block.JobFuture;
import io.sluice.block.SessionOptions;
import io.sluice.block.SharedOptions;
import io.sluice.block.SharedSession;
import io.sluice.block.WaitStrategy;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.ScriptedController;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 4 KiB reads through a shared session, from one thread or more. */
@State(Scope.Benchmark)
public class OpenShared {
    private NvmeController controller;
    private SharedSession shared;

    /** Shares a session that completes at once; the poller thread keeps looking. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        ScriptedController scripted = new ScriptedController();
        controller = NvmeController.open(scripted, ControllerOptions.defaults());
        shared = SharedSession.share(
                new SelfCompleting(controller.namespace(1).open(SessionOptions.defaults()), scripted.queue(1)),
                SharedOptions.defaults().waiting(WaitStrategy.busySpin()));
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        shared.close();
        controller.close();
    }

    /** So many reads at once, waited for together. */
    int batch(int count) {
        List<Job> jobs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            jobs.add(Job.read((long) i << 12, 4096, shared.buffer(), (long) (i & 0xff) << 12));
        }
        List<JobFuture> futures = shared.submitAll(jobs);
        for (JobFuture future : futures) {
            Job ignored = future.join();
        }
        return futures.size();
    }

    /** One read, waited for. */
    void blocking() throws IOException {
        shared.perform(Job.read(0, 4096, shared.buffer(), 0));
    }
}
