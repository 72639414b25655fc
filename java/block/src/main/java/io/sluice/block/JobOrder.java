package io.sluice.block;

/**
 * Which jobs must not begin before others have ended. A job that covers blocks in part reads them and writes them back: no other write of these blocks may
 * come in between. A sync covers what was written before it, so that must be under way when it begins.
 *
 * <p>As long as no job covers blocks in part, nobody is asked and nothing is kept: what is compared are the rows of the {@link JobTable}, and only when
 * such a job comes or goes.
 */
final class JobOrder {
    private final JobTable jobs;
    private final int blockShift;
    private int partial;
    private int waiting;
    private boolean changed;

    JobOrder(JobTable jobs, int blockShift) {
        this.jobs = jobs;
        this.blockShift = blockShift;
    }

    /** Whether there is no job that a write could have to wait for, and none that waits. */
    boolean free() {
        return (partial | waiting) == 0;
    }

    /** A job was submitted; returns whether it has to wait. */
    boolean holds(int job) {
        if (jobs.is(job, JobTable.PARTIAL)) {
            partial++;
        }
        if (!mustWait(job)) {
            return false;
        }
        jobs.set(job, JobTable.WAITING);
        waiting++;
        return true;
    }

    /** A job ended that is still in the table. */
    void ended(int job) {
        if (jobs.is(job, JobTable.PARTIAL)) {
            partial--;
        }
        if (jobs.is(job, JobTable.WAITING)) {
            jobs.clear(job, JobTable.WAITING);
            waiting--;
        }
        changed |= waiting > 0;
    }

    /** All of a job is under way, or a job of one operation ended. */
    void advanced() {
        changed |= waiting > 0;
    }

    /** Whether {@link #released} may find a job. */
    boolean mayRelease() {
        return changed;
    }

    /** The next job that waited and may begin now; {@link JobTable#NONE} when there is none. */
    int released() {
        for (int job = 0; job < jobs.rows(); job++) {
            if (jobs.is(job, JobTable.WAITING) && !mustWait(job)) {
                jobs.clear(job, JobTable.WAITING);
                waiting--;
                return job;
            }
        }
        changed = false;
        return JobTable.NONE;
    }

    private boolean mustWait(int job) {
        Operation operation = jobs.operation(job);
        if (operation != Operation.SYNC && !(operation.changes() && partial > 0)) {
            return false;
        }
        for (int other = 0; other < jobs.rows(); other++) {
            if (other != job
                    && jobs.used(other)
                    && !jobs.is(other, JobTable.ENDED)
                    && jobs.before(other, job)
                    && jobs.operation(other).changes()
                    && (operation == Operation.SYNC ? !underWay(other) : clash(job, other))) {
                return true;
            }
        }
        return false;
    }

    private boolean underWay(int job) {
        // A part of a block is written only after it was read: all begun does not mean all sent.
        return !jobs.is(job, JobTable.PARTIAL) && jobs.allBegun(job);
    }

    private boolean clash(int job, int other) {
        return (jobs.is(job, JobTable.PARTIAL) || jobs.is(other, JobTable.PARTIAL))
                && firstBlock(job) <= lastBlock(other)
                && firstBlock(other) <= lastBlock(job);
    }

    private long firstBlock(int job) {
        return jobs.position(job) >> blockShift;
    }

    private long lastBlock(int job) {
        return (jobs.position(job) + jobs.length(job) - 1) >> blockShift;
    }
}
