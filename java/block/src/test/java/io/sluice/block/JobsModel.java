package io.sluice.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Random jobs on a session beside a model of what the bytes must be: an array. What the model cannot know, because a write failed or is still under way, it does not
 * claim. One seed gives one course of things, as far as the session underneath has only one.
 */
public final class JobsModel implements JobCompletion {
    /** The model's word for a byte of which it does not know the value. */
    private static final short UNKNOWN = 256;

    private final Jobs jobs;
    private final int blockBytes;
    private final boolean trims;
    private final Random random;
    private final short[] bytes;
    /** Which job, by tag, wrote a byte last, in the order of submission. */
    private final long[] writers;

    private final Map<Long, Running> running = new HashMap<>();
    private final ByteBuffer freeMemory;
    private final byte[] freeUsers;
    private long lastTag;
    private long resolved;
    private long failures;
    private long cancelled;
    private long checkedBytes;

    /** A job under way. */
    private static final class Running {
        final Job job;
        /** For a read: what it must find; UNKNOWN where it may find anything. */
        final short[] expected;

        Running(Job job, short[] expected) {
            this.job = job;
            this.expected = expected;
        }

        boolean touches(long position, long length) {
            return job.position() < position + length && position < job.position() + job.length();
        }
    }

    /** Random jobs for a session, which belongs to the model from now on; its window is small and reads as zeroes. */
    public JobsModel(BlockSession session, JobOptions options, long seed) {
        this.jobs = new Jobs(session, options, this);
        this.random = new Random(seed);
        Geometry geometry = session.geometry();
        this.blockBytes = geometry.blockBytes();
        this.trims = geometry.maxTrimBlocks() > 0;
        this.bytes = new short[Math.toIntExact(jobs.sizeBytes())];
        this.writers = new long[bytes.length];
        this.freeMemory = session.buffer().bytes().slice(0, jobs.freeBytes());
        this.freeUsers = new byte[jobs.freeBytes() >> 9];
    }

    /** Submits one job, or cancels one, and polls now and then. */
    public void step() throws IOException {
        if (random.nextInt(200) == 0 && lastTag > 0) {
            boolean ignored = jobs.cancel(lastTag - random.nextInt(8));
        }
        Job job = next();
        if (job != null) {
            submit(job);
        }
        if (random.nextInt(4) == 0) {
            jobs.commit();
            poll();
        }
    }

    private Job next() {
        int kind = random.nextInt(100);
        if (kind < 2) {
            return Job.sync();
        }
        boolean whole = random.nextInt(3) == 0;
        int most = random.nextInt(50) == 0 ? bytes.length : random.nextInt(4) == 0 ? 8 * blockBytes : 2 * blockBytes;
        int length = 1 + random.nextInt(Math.min(most, bytes.length));
        int position = random.nextInt(bytes.length - length + 1);
        if (whole) {
            position -= position % blockBytes;
            length = Math.max(blockBytes, length - length % blockBytes);
            position = Math.min(position, bytes.length - length);
        }
        if (kind < 40) {
            return transfer(Operation.READ, position, length);
        }
        // Whole blocks written by two jobs at once have no order: the model does not ask for that.
        boolean partial = position % blockBytes != 0 || length % blockBytes != 0;
        Operation operation = kind < 85
                ? (kind % 10 == 0 ? Operation.WRITE_DURABLE : Operation.WRITE)
                : kind < 95 || !trims ? Operation.WRITE_ZEROES : Operation.TRIM;
        for (Running other : running.values()) {
            if (other.job.operation().changes()
                    && other.touches(position, length)
                    && !(partial && operation != Operation.TRIM)
                    && !partial(other.job)) {
                return null;
            }
        }
        return switch (operation) {
            case WRITE_ZEROES -> Job.zero(position, length);
            case TRIM -> Job.trim(position, length);
            default -> transfer(operation, position, length);
        };
    }

    private boolean partial(Job job) {
        return job.operation() != Operation.TRIM
                && (job.position() % blockBytes != 0 || job.length() % blockBytes != 0);
    }

    private Job transfer(Operation operation, int position, int length) {
        int memory = random.nextInt(4);
        if (memory == 0) {
            int offset = takeFree(length);
            if (offset >= 0) {
                fill(operation, freeMemory, offset, length);
                return new Job(operation, position, length, null, jobs.session().buffer(), offset);
            }
        }
        if (memory == 3) {
            int offset = takeFree(length);
            if (offset >= 0) {
                fill(operation, freeMemory, offset, length);
                return inSeveralPlaces(operation, position, offset, length);
            }
        }
        ByteBuffer other = memory == 1 ? ByteBuffer.allocate(length + 7) : ByteBuffer.allocateDirect(length + 7);
        int offset = random.nextInt(8);
        fill(operation, other, offset, length);
        return new Job(operation, position, length, other, null, offset);
    }

    /** Cuts memory into some segments, the last of which comes first. */
    private Job inSeveralPlaces(Operation operation, int position, int offset, int length) {
        Segments segments = new Segments(8);
        int unit = random.nextBoolean() ? 512 : 1;
        int end = length;
        while (end > 0) {
            int start = segments.count() == segments.capacity() - 1 ? 0 : random.nextInt(end) / unit * unit;
            segments.add(jobs.session().buffer(), offset + start, end - start);
            end = start;
        }
        return new Job(operation, position, length, null, null, 0, segments);
    }

    private void fill(Operation operation, ByteBuffer memory, int offset, int length) {
        int value = random.nextInt();
        for (int i = 0; i < length; i++) {
            memory.put(offset + i, (byte) (operation == Operation.READ ? 0x5a : value + i));
        }
    }

    /** A place in the session's own memory that no job under way uses; aligned or not. */
    private int takeFree(int length) {
        int units = (length + 511 + 8) / 512;
        int first = units > freeUsers.length ? 0 : random.nextInt(freeUsers.length - units + 1);
        for (int i = 0; i < units; i++) {
            if (first + i >= freeUsers.length || freeUsers[first + i] != 0) {
                return -1;
            }
        }
        Arrays.fill(freeUsers, first, first + units, (byte) 1);
        return first * 512 + (random.nextBoolean() ? 0 : random.nextInt(8));
    }

    private void giveFree(Job job) {
        if (job.bytes() == null && job.operation().transfers()) {
            Segments segments = job.segments();
            int first = (segments == null ? (int) job.offset() : segments.offset(segments.count() - 1)) / 512;
            Arrays.fill(freeUsers, first, first + ((int) job.length() + 511 + 8) / 512, (byte) 0);
        }
    }

    private void submit(Job job) throws IOException {
        long tag = ++lastTag;
        while (!jobs.submit(job, tag)) {
            poll();
        }
        int position = (int) job.position();
        int length = (int) job.length();
        if (job.operation() == Operation.READ) {
            short[] expected = Arrays.copyOfRange(bytes, position, position + length);
            for (Running other : running.values()) {
                if (other.job.operation().changes()) {
                    forget(expected, position, other.job);
                }
            }
            running.put(tag, new Running(job, expected));
            return;
        }
        running.put(tag, new Running(job, new short[0]));
        if (!job.operation().changes()) {
            return;
        }
        for (Running other : running.values()) {
            if (other.job.operation() == Operation.READ) {
                forget(other.expected, (int) other.job.position(), job);
            }
        }
        for (int i = 0; i < length; i++) {
            if (job.operation() != Operation.TRIM) {
                bytes[position + i] = value(job, i);
                writers[position + i] = tag;
            }
        }
        if (job.operation() == Operation.TRIM) {
            int from = (position + blockBytes - 1) / blockBytes * blockBytes;
            int to = (position + length) / blockBytes * blockBytes;
            for (int i = from; i < to; i++) {
                bytes[i] = UNKNOWN;
                writers[i] = tag;
            }
        }
    }

    private static short value(Job job, int i) {
        return switch (job.operation()) {
            case WRITE_ZEROES -> 0;
            default -> (short) found(job, i);
        };
    }

    /** A byte of the job's memory. */
    private static int found(Job job, int i) {
        Segments segments = job.segments();
        if (segments == null) {
            ByteBuffer memory = job.bytes() != null ? job.bytes() : job.memory().bytes();
            return memory.get((int) job.offset() + i) & 0xff;
        }
        int left = i;
        int segment = 0;
        while (left >= segments.length(segment)) {
            left -= segments.length(segment++);
        }
        return segments.memory(segment).bytes().get(segments.offset(segment) + left) & 0xff;
    }

    /** What a job changes under way, a read may find as it was or as it is to be. */
    private static void forget(short[] expected, int position, Job change) {
        long from = Math.max(change.position() - position, 0);
        long to = Math.min(change.position() + change.length() - position, expected.length);
        for (long i = from; i < to; i++) {
            expected[(int) i] = UNKNOWN;
        }
    }

    private void poll() throws IOException {
        if (jobs.poll(1 + random.nextInt(8)) == 0) {
            boolean ignored = jobs.await(0);
        }
    }

    @Override
    public void completed(long tag) {
        Running done = take(tag);
        Job job = done.job;
        for (int i = 0; i < done.expected.length; i++) {
            int found = found(job, i);
            if (done.expected[i] != UNKNOWN) {
                checkedBytes++;
                if (found != done.expected[i]) {
                    throw new AssertionError("job " + tag + ", " + job + ": byte " + i + " is " + found
                            + " and must be " + done.expected[i]);
                }
            }
        }
    }

    @Override
    public void failed(long tag, JobException failure) {
        Job job = take(tag).job;
        failures++;
        if (failure instanceof JobCancelledException) {
            cancelled++;
        }
        if (failure.bytesDone() < 0 || (failure.bytesDone() >= job.length() && job.operation() != Operation.SYNC)) {
            throw new AssertionError("job " + tag + ", " + job + " claims " + failure.bytesDone() + " bytes", failure);
        }
        if (!job.operation().changes()) {
            return;
        }
        // Everything before is done; what follows may be or not, unless a later job wrote it.
        for (long i = failure.bytesDone(); i < job.length(); i++) {
            int at = (int) (job.position() + i);
            if (writers[at] == tag) {
                bytes[at] = UNKNOWN;
            }
        }
    }

    private Running take(long tag) {
        Running done = running.remove(tag);
        if (done == null) {
            throw new AssertionError("job " + tag + " was resolved that is not under way");
        }
        resolved++;
        giveFree(done.job);
        return done;
    }

    /** Waits for all jobs, then compares everything. */
    public void check() throws IOException {
        while (jobs.inFlight() > 0) {
            jobs.commit();
            poll();
        }
        if (!running.isEmpty()) {
            throw new AssertionError("never resolved: " + running.keySet());
        }
        long failuresBefore = failures;
        do {
            failuresBefore = failures;
            submit(Job.read(0, ByteBuffer.allocate(bytes.length)));
            while (jobs.inFlight() > 0) {
                jobs.commit();
                poll();
            }
            // A read that failed has compared nothing.
        } while (failures != failuresBefore);
    }

    /** Ends the session in the middle of things; every job is resolved. */
    public void close() throws IOException {
        jobs.close();
        if (!running.isEmpty() || resolved != lastTag) {
            throw new AssertionError("never resolved: " + running.keySet());
        }
    }

    /** How many jobs were submitted. */
    public long submitted() {
        return lastTag;
    }

    public long failures() {
        return failures;
    }

    public long cancelled() {
        return cancelled;
    }

    /** How many bytes that were read were compared with the model. */
    public long checkedBytes() {
        return checkedBytes;
    }
}
