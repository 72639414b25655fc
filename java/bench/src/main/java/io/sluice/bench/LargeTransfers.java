package io.sluice.bench;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.JobCompletion;
import io.sluice.block.JobException;
import io.sluice.block.JobOptions;
import io.sluice.block.Jobs;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.emulator.EmulatedController;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.ScriptedController;
import io.sluice.nvme.ScriptedQueue;
import io.sluice.pci.LocalFunction;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * 8 MiB reads on a controller whose largest transfer is 128 KiB: as one job, and as 64 operations by hand. The controller completes at once and moves
 * nothing, which shows what the work costs; or it is the emulated one on a thread of its own, which moves the data.
 */
@State(Scope.Thread)
public class LargeTransfers implements JobCompletion, Completion {
    private static final int BYTES = 8 << 20;
    private static final int PIECES = 64;

    /** Blocks of 512 bytes of the emulated device: 1 GiB. */
    private static final int BLOCKS = 1 << 21;

    @Param({"at-once", "emulated"})
    String device;

    private final RandomBlocks blocks = new RandomBlocks(17);
    private NvmeController controller;
    private BlockSession session;
    private Jobs jobs;
    private @Nullable ScriptedQueue sessionDevice;
    private @Nullable ScriptedQueue jobsDevice;
    private int done;
    private int mostInFlight;

    /** Opens two sessions with memory for the whole transfer. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        SessionOptions options =
                SessionOptions.defaults().bufferBytes(2 * BYTES).queueDepth(PIECES);
        if (device.equals("emulated")) {
            controller = NvmeController.open(
                    LocalFunction.owning(EmulatedController.builder()
                            .name("bench")
                            .maxTransferShift(5)
                            .namespace(new RamDevice("ram", 512, BLOCKS))
                            .build()),
                    ControllerOptions.defaults());
            session = controller.namespace(1).open(options);
            jobs = new Jobs(controller.namespace(1).open(options), JobOptions.defaults(), this);
        } else {
            ScriptedController scripted = new ScriptedController();
            controller = NvmeController.open(scripted, ControllerOptions.defaults());
            session = controller.namespace(1).open(options);
            sessionDevice = scripted.queue(1);
            jobs = new Jobs(controller.namespace(1).open(options), JobOptions.defaults(), this);
            jobsDevice = scripted.queue(2);
        }
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
    private static int complete(@Nullable ScriptedQueue device) {
        return device == null ? 0 : device.completeAll();
    }
}
