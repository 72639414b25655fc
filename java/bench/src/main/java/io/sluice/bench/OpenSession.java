package io.sluice.bench;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.NvmeSession;
import io.sluice.nvme.ScriptedController;
import io.sluice.nvme.ScriptedQueue;
import java.io.IOException;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 4 KiB reads through a session on a controller that completes at once: window, slots, identifiers, counters and deadlines included. */
@State(Scope.Thread)
public class OpenSession implements Completion {
    @Param({"1", "8", "32", "128"})
    int batch;

    private final RandomBlocks blocks = new RandomBlocks(28);
    private NvmeController controller;
    private NvmeSession session;
    private IoBuffer buffer;
    private ScriptedQueue device;
    private long sum;

    /** Opens the controller and a session. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        ScriptedController scripted = new ScriptedController();
        controller = NvmeController.open(scripted, ControllerOptions.defaults());
        session = controller.namespace(1).open(options());
        buffer = session.buffer();
        device = scripted.queue(1);
    }

    SessionOptions options() {
        return SessionOptions.defaults();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        controller.close();
    }

    /** One batch, from the first submission to the last completion. */
    void round() throws BlockIoException {
        for (int i = 0; i < batch; i++) {
            if (!session.submit(Operation.READ, blocks.next(), 8, buffer, (long) i << 12, i)) {
                throw new IllegalStateException("the session is full");
            }
        }
        session.commit();
        complete();
        if (session.poll(this, batch) != batch) {
            throw new IllegalStateException("the session did not report what the device completed");
        }
    }

    @Override
    public void completed(long tag) {
        sum += tag;
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        throw new IllegalStateException(failure);
    }

    /** The device is somebody else: its loop is not to be compiled into one piece with the host's. */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private int complete() {
        return device.completeAll();
    }

    /** How many latencies were recorded. */
    long latencies() {
        return session.latency().all().count();
    }

    long sum() {
        return sum;
    }
}
