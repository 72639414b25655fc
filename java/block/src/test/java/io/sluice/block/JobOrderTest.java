package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which jobs wait for which. */
class JobOrderTest extends ScriptedJobs {
    @Test
    void writesOfPartsOfABlockAreDoneOneAfterTheOther() throws BlockIoException {
        submit(Job.write(0, bytes(10, 1)), 1);
        submit(Job.write(5, bytes(10, 50)), 2);
        assertThat(operations()).containsExactly("READ 0+1");
        session.finish(0);
        poll();
        assertThat(operations()).containsExactly("WRITE 0+1");
        session.finish(0);
        poll();
        assertThat(completed).containsExactly(1L);
        assertThat(operations()).containsExactly("READ 0+1");
        runAll();
        assertThat(ByteBuffer.wrap(session.content(), 5, 10)).isEqualTo(bytes(10, 50));
        assertThat(ByteBuffer.wrap(session.content(), 0, 5)).isEqualTo(bytes(5, 1));
    }

    @Test
    void aWholeBlockWaitsForAPartWrittenBeforeIt() throws BlockIoException {
        submit(Job.write(0, bytes(10, 1)), 1);
        submit(Job.write(0, 512, session.buffer(), 0), 2);
        submit(Job.zero(0, 512), 3);
        submit(Job.trim(0, 1024), 4);
        assertThat(operations()).containsExactly("READ 0+1");
        runAll();
        assertThat(completed).hasSize(4).startsWith(1L);
    }

    @Test
    void aPartWaitsForAWholeBlockWrittenBeforeIt() throws BlockIoException {
        submit(Job.write(0, 512, session.buffer(), 0), 1);
        submit(Job.write(5, bytes(10, 1)), 2);
        assertThat(operations()).containsExactly("WRITE 0+1");
        session.finish(0);
        poll();
        assertThat(operations()).containsExactly("READ 0+1");
    }

    @Test
    void writesOfOtherBlocksAndReadsWaitForNobody() throws BlockIoException {
        submit(Job.write(0, bytes(10, 1)), 1);
        submit(Job.write(512 + 5, bytes(10, 1)), 2);
        submit(Job.write(1024, 512, session.buffer(), 0), 3);
        submit(directRead(0, 512), 4);
        assertThat(operations()).containsExactly("READ 0+1", "READ 1+1", "WRITE 2+1", "READ 0+1");
    }

    @Test
    void aJobThatWaitsForOneThatWaitsComesAfterIt() throws BlockIoException {
        submit(Job.write(0, bytes(10, 1)), 1);
        submit(Job.write(500, bytes(100, 2)), 2);
        submit(Job.write(512, 512, session.buffer(), 0), 3);
        runAll();
        assertThat(completed).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aSyncComesAfterEverythingThatWasToBeWrittenBeforeIt() throws BlockIoException {
        use(GEOMETRY, 2, JobOptions.defaults().maxJobs(8));
        submit(Job.write(0, 24 * 512, session.buffer(), 0), 1);
        submit(Job.write(100 * 512 + 1, bytes(3, 1)), 2);
        submit(Job.sync(), 3);
        List<String> seen = new ArrayList<>();
        while (jobs.inFlight() > 0) {
            seen.addAll(operations());
            session.finishAll();
            poll();
        }
        assertThat(seen.indexOf("SYNC 0+0")).isEqualTo(seen.size() - 1);
        assertThat(seen).contains("WRITE 16+8", "WRITE 100+1");
    }

    @Test
    void aSyncThatNothingComesBeforeIsSentAtOnce() throws BlockIoException {
        submit(directRead(0, 512), 1);
        submit(Job.sync(), 2);
        assertThat(operations()).containsExactly("READ 0+1", "SYNC 0+0");
    }

    @Test
    void aCancelledJobThatWaitedIsToldAtTheNextPoll() throws BlockIoException {
        submit(Job.write(0, bytes(10, 1)), 1);
        submit(Job.write(5, bytes(10, 1)), 2);
        submit(Job.write(7, bytes(10, 1)), 3);
        assertThat(jobs.cancel(2)).isTrue();
        assertThat(poll()).isEqualTo(1);
        assertThat(failed).containsOnlyKeys(2L);
        runAll();
        assertThat(completed).containsExactly(1L, 3L);
    }
}
