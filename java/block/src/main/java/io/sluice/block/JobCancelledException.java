package io.sluice.block;

/** A job was cancelled, or its session closed, before all of it was done. What was done of it is said as for one that failed. */
public final class JobCancelledException extends JobException {
    private static final long serialVersionUID = 1L;

    JobCancelledException(BlockIoException reason, long position, long length, long bytesDone) {
        super(reason, position, length, bytesDone);
    }

    private JobCancelledException(JobCancelledException failure) {
        super(failure);
    }

    @Override
    public JobCancelledException again() {
        return new JobCancelledException(this);
    }
}
