package io.sluice.bench;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
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
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 8 MiB reads on a controller whose largest transfer is 128 KiB: as one job, and as 64 operations by hand. */
@State(Scope.Thread)
public class LargeTransfers implements JobCompletion, Completion {
    private static final int BYTES = 8 << 20;
    private static final int PIECES = 64;

    private final RandomBlocks blocks = new RandomBlocks(20);
    private NvmeController controller;
    private BlockSession session;
    private Jobs jobs;
    private ScriptedQueue sessionDevice;
    private ScriptedQueue jobsDevice;
    private int done;
    private int mostInFlight;

    /** Opens two sessions with memory for the whole transfer. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        ScriptedController scripted = new ScriptedController();
        controller = NvmeController.open(scripted, ControllerOptions.defaults());
        SessionOptions options =
                SessionOptions.defaults().bufferBytes(2 * BYTES).queueDepth(PIECES);
        session = controller.namespace(1).open(options);
        sessionDevice = scripted.queue(1);
        jobs = new Jobs(controller.namespace(1).open(options), JobOptions.defaults(), this);
        jobsDevice = scripted.queue(2);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        jobs.close();
        controller.close();
    }

    /** Whatever the device has completed is polled before it completes more, as often as it takes. */
    int job() throws BlockIoException {
        int before = done;
        if (!jobs.submit(
                Operation.READ, blocks.next() << 9, BYTES, jobs.session().buffer(), 0, 1)) {
            throw new IllegalStateException("there is no room for a job");
        }
        jobs.commit();
        mostInFlight = Math.max(mostInFlight, jobs.session().inFlight());
        while (done == before) {
            complete(jobsDevice);
            int ignored = jobs.poll(PIECES);
        }
        return done;
    }

    int byHand() throws BlockIoException {
        long block = blocks.next();
        int count = (BYTES / PIECES) >> 9;
        for (int i = 0; i < PIECES; i++) {
            if (!session.submit(
                    Operation.READ,
                    block + (long) i * count,
                    count,
                    session.buffer(),
                    (long) i * (BYTES / PIECES),
                    1)) {
                throw new IllegalStateException("the session is full");
            }
        }
        session.commit();
        int target = done + PIECES;
        while (done != target) {
            complete(sessionDevice);
            int ignored = session.poll(this, PIECES);
        }
        return done;
    }

    /** How many operations of one job were in flight together. */
    int mostInFlight() {
        return mostInFlight;
    }

    @Override
    public void completed(long tag) {
        done++;
    }

    @Override
    public void failed(long tag, JobException failure) {
        throw new IllegalStateException(failure);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        throw new IllegalStateException(failure);
    }

    /** The device is somebody else: its loop is not to be compiled into one piece with the host's. */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static int complete(ScriptedQueue device) {
        return device.completeAll();
    }
}
