package io.sluice.block;

/**
 * A job failed. Blocks and operation are those of the first part of it, in the order of the bytes, that could not be done, as the device was asked
 * for it; that part's own failure is the cause, failures of later parts are suppressed exceptions.
 */
public class JobException extends BlockIoException {
    private static final long serialVersionUID = 1L;

    private final long position;
    private final long length;
    private final long bytesDone;

    /**
     * A job of which a part failed.
     *
     * @param failure what the session said of that part
     * @param position first byte of the job
     * @param length bytes of the job
     * @param bytesDone how many bytes from the start of the job on are done
     */
    JobException(BlockIoException failure, long position, long length, long bytesDone) {
        super(
                failure,
                length == 0
                        ? ""
                        : bytesDone + " of the job's " + length + " bytes from byte " + position
                                + " on were done before that");
        this.position = position;
        this.length = length;
        this.bytesDone = bytesDone;
    }

    /** The same of another's failure. */
    JobException(JobException failure) {
        super(failure, "");
        this.position = failure.position;
        this.length = failure.length;
        this.bytesDone = failure.bytesDone;
    }

    /** The same failure, found on another thread: it has that thread's trace, and this one as its cause. */
    public JobException again() {
        return new JobException(this);
    }

    /** The first byte of the job. */
    public long position() {
        return position;
    }

    /** How many bytes the job had. */
    public long length() {
        return length;
    }

    /** How many bytes from the start of the job on are done. Some behind the part that failed may be done too. */
    public long bytesDone() {
        return bytesDone;
    }
}
