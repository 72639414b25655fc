package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Jobs over a session that does what a test says: blocks of 512 bytes, transfers of at most 8 blocks, trims of 16, zeroes of 4. */
abstract class ScriptedJobs implements JobCompletion {
    static final Geometry GEOMETRY = new Geometry(512, 256, true, 4, 8, 16, 4, true);

    final List<Long> completed = new ArrayList<>();
    final Map<Long, JobException> failed = new HashMap<>();
    ScriptedBlockSession session = new ScriptedBlockSession(GEOMETRY, 16, 1 << 17);
    Jobs jobs = new Jobs(session, JobOptions.defaults(), this);

    @Override
    public void completed(long tag) {
        completed.add(tag);
    }

    @Override
    public void failed(long tag, JobException failure) {
        assertThat(failed.put(tag, failure)).as("told twice").isNull();
    }

    final void use(Geometry geometry, int depth, JobOptions options) {
        session = new ScriptedBlockSession(geometry, depth, 1 << 17);
        jobs = new Jobs(session, options, this);
    }

    final void submit(Job job, long tag) throws BlockIoException {
        assertThat(jobs.submit(job, tag)).isTrue();
        jobs.commit();
    }

    final int poll() throws BlockIoException {
        return jobs.poll(Integer.MAX_VALUE);
    }

    /** Lets the device do what it has, again and again, until nothing is left. */
    final void runAll() throws BlockIoException {
        for (int i = 0; i < 1000 && jobs.inFlight() > 0; i++) {
            session.finishAll();
            poll();
        }
        assertThat(jobs.inFlight()).isZero();
    }

    final List<String> operations() {
        return session.submitted().stream().map(Object::toString).toList();
    }

    static ByteBuffer bytes(int length, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) (value + i));
        }
        return bytes;
    }

    final Job directRead(long position, long length) {
        return Job.read(position, length, session.buffer(), 0);
    }
}
