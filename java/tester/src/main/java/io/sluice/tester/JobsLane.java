package io.sluice.tester;

import io.sluice.block.BlockSession;
import io.sluice.block.JobCompletion;
import io.sluice.block.JobException;
import io.sluice.block.JobOptions;
import io.sluice.block.Jobs;
import io.sluice.block.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Jobs over a session, which split what is large themselves. The data is in the session's memory, or in the caller's and copied through it. */
final class JobsLane implements Lane, JobCompletion {
    private final Jobs jobs;
    private final int slots;
    private final int slotBytes;
    private final ByteBuffer memory;
    private final boolean inPlace;
    private @Nullable Arrivals arrivals;

    private JobsLane(
            BlockSession session, int slots, int slotBytes, int bounceBytes, ByteBuffer memory, boolean inPlace) {
        this.slots = slots;
        this.slotBytes = slotBytes;
        this.memory = memory;
        this.inPlace = inPlace;
        jobs = new Jobs(session, JobOptions.defaults().maxJobs(slots).bounceBytes(bounceBytes), this);
    }

    /**
     * Takes over a session, with the data in its memory.
     *
     * @param bounceBytes how much of its memory, at the end, is for the jobs
     */
    static JobsLane inPlace(BlockSession session, int slots, int slotBytes, int bounceBytes) {
        return new JobsLane(
                session, slots, slotBytes, bounceBytes, session.buffer().bytes(), true);
    }

    /** Takes over a session, all of whose memory is for the jobs to copy data through; the data is elsewhere. */
    static JobsLane copying(BlockSession session, int slots, int slotBytes, ByteBuffer memory) {
        return new JobsLane(session, slots, slotBytes, session.buffer().size(), memory, false);
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    @Override
    public int offset(int slot) {
        return slot * slotBytes;
    }

    @Override
    public void submit(Operation operation, long position, int length, int slot) throws IOException {
        boolean taken;
        if (operation.transfers()) {
            taken = inPlace
                    ? jobs.submit(operation, position, length, jobs.session().buffer(), (long) slot * slotBytes, slot)
                    : jobs.submit(operation, position, length, memory, (long) slot * slotBytes, slot);
        } else {
            taken = operation == Operation.SYNC ? jobs.sync(slot) : jobs.change(operation, position, length, slot);
        }
        if (!taken) {
            throw new IllegalStateException(jobs.inFlight() + " jobs are not resolved, " + jobs.maxJobs() + " fit");
        }
    }

    @Override
    public void commit() {
        jobs.commit();
    }

    @Override
    public int poll(Arrivals toTell) throws IOException {
        arrivals = toTell;
        return jobs.poll(Integer.MAX_VALUE);
    }

    @Override
    public void completed(long tag) {
        arrivals.done((int) tag);
    }

    @Override
    public void failed(long tag, JobException failure) {
        arrivals.failed((int) tag, failure);
    }

    @Override
    public void await(int ios, long nanos) throws IOException {
        boolean ignored = jobs.await(nanos);
    }

    @Override
    public void close() throws IOException {
        jobs.close();
    }
}
