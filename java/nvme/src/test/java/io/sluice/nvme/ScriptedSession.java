package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A session on a scripted controller.
 *
 * @param device the controller
 * @param queue the far end of the session's queue pair
 * @param recorder gets what the session reports
 */
record ScriptedSession(
        ScriptedController device,
        NvmeController controller,
        NvmeSession session,
        ScriptedQueue queue,
        Recorder recorder)
        implements Closeable {
    static final SessionOptions WRITEABLE =
            SessionOptions.defaults().writeable(true).queueDepth(16).bufferBytes(1 << 20);

    static ScriptedSession open(ScriptedController device, SessionOptions options) throws IOException {
        return open(device, options, ControllerOptions.defaults());
    }

    static ScriptedSession open(ScriptedController device, SessionOptions options, ControllerOptions controllerOptions)
            throws IOException {
        NvmeController controller =
                NvmeController.open(device, controllerOptions.shutdownDeadline(Duration.ofMillis(20)));
        NvmeSession session = controller.namespace(1).open(options);
        return new ScriptedSession(device, controller, session, device.queue(session.queueId()), new Recorder());
    }

    static ScriptedSession open() throws IOException {
        return open(new ScriptedController(), WRITEABLE);
    }

    /** Submits an operation of one block at the block of its tag. */
    void submit(Operation operation, long tag) throws BlockIoException {
        submit(operation, tag, 1, 0, tag);
    }

    void submit(Operation operation, long block, long count, long offset, long tag) throws BlockIoException {
        if (!session.submit(operation, block, count, session.buffer(), offset, tag)) {
            throw new AssertionError("the session is full");
        }
    }

    /** What the device was told of by now. */
    List<SubmissionEntry> commitAndFetch() {
        session.commit();
        return queue.fetch();
    }

    SubmissionEntry commitAndFetchOne() {
        session.commit();
        return queue.fetchOne();
    }

    int poll() throws BlockIoException {
        return session.poll(recorder, Integer.MAX_VALUE);
    }

    /** Polls until the session looks at the clock and at the controller, as it does now and then. */
    int pollUntilLook() throws BlockIoException {
        int reported = 0;
        long until = System.nanoTime() + 12_000_000;
        while (System.nanoTime() < until) {
            reported += poll();
        }
        for (int i = 0; i < 1100 && session.inFlight() > 0; i++) {
            reported += poll();
        }
        return reported;
    }

    /** Ends the controller whatever became of it. */
    @Override
    public void close() throws IOException {
        if (session.inFlight() > 0) {
            device.fail();
        }
        try {
            controller.close();
        } catch (IOException failed) {
            if (!device.closed()) {
                throw failed;
            }
        }
    }
}
