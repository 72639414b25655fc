package io.sluice.bench;

import io.sluice.block.BlockIoException;
import io.sluice.block.IoBuffer;
import io.sluice.block.JobCompletion;
import io.sluice.block.JobException;
import io.sluice.block.JobOptions;
import io.sluice.block.Jobs;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.ScriptedController;
import io.sluice.nvme.ScriptedQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 4 KiB reads as jobs, on the same controller as those of {@link OpenSession}: into the session's memory, or by a copy into other memory. */
@State(Scope.Thread)
public class OpenJobs implements JobCompletion {
    @Param({"1", "32"})
    int batch;

    private final RandomBlocks blocks = new RandomBlocks(28);
    private final ByteBuffer other = ByteBuffer.allocateDirect(128 << 12);
    private NvmeController controller;
    private Jobs jobs;
    private IoBuffer buffer;
    private ScriptedQueue device;
    private long sum;

    /** Opens the controller and jobs over a session with the default options. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        ScriptedController scripted = new ScriptedController();
        controller = NvmeController.open(scripted, ControllerOptions.defaults());
        jobs = new Jobs(controller.namespace(1).open(SessionOptions.defaults()), JobOptions.defaults(), this);
        buffer = jobs.session().buffer();
        device = scripted.queue(1);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        jobs.close();
        controller.close();
    }

    /** One batch into the session's memory, from the first submission to the last completion. */
    void round() throws BlockIoException {
        for (int i = 0; i < batch; i++) {
            require(jobs.submit(Operation.READ, blocks.next() << 9, 4096, buffer, (long) i << 12, i));
        }
        finish();
    }

    /** One batch into other memory. */
    void copiedRound() throws BlockIoException {
        for (int i = 0; i < batch; i++) {
            require(jobs.submit(Operation.READ, blocks.next() << 9, 4096, other, (long) i << 12, i));
        }
        finish();
    }

    private void finish() throws BlockIoException {
        jobs.commit();
        complete();
        if (jobs.poll(batch) != batch) {
            throw new IllegalStateException("not every job was resolved that the device completed");
        }
    }

    private static void require(boolean submitted) {
        if (!submitted) {
            throw new IllegalStateException("there is no room for a job");
        }
    }

    @Override
    public void completed(long tag) {
        sum += tag;
    }

    @Override
    public void failed(long tag, JobException failure) {
        throw new IllegalStateException(failure);
    }

    /** The device is somebody else: its loop is not to be compiled into one piece with the host's. */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private int complete() {
        return device.completeAll();
    }

    long sum() {
        return sum;
    }
}
