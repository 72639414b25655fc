package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bounce memory of an operation that was given up belongs to the device until the device has answered. */
class GivenUpJobsTest extends ScriptedJobs {
    /** Room for one copy at a time. */
    private static final int ONE_COPY = 4096;

    @BeforeEach
    void roomForOneCopy() {
        use(30_000_000_000L);
    }

    private void use(long quarantineWaitNanos) {
        session = new ScriptedBlockSession(GEOMETRY, 16, ONE_COPY);
        jobs = new Jobs(session, JobOptions.defaults(), this, quarantineWaitNanos);
    }

    private static ByteBuffer filled(char with) {
        ByteBuffer bytes = ByteBuffer.allocate(512);
        while (bytes.hasRemaining()) {
            bytes.put((byte) with);
        }
        return bytes.flip();
    }

    private char content(int block) {
        return (char) session.content()[block * 512];
    }

    @Test
    void aLateReadDoesNotLandInAnotherJobsWrite() throws BlockIoException {
        session.content()[0] = 'X';
        submit(Job.read(0, ByteBuffer.allocate(512)), 1);
        session.giveUp(0);
        poll();
        assertThat(failed.get(1L)).hasCauseInstanceOf(DeadlineException.class);

        submit(Job.write(9 * 512, filled('W')), 2);
        assertThat(operations()).as("it waits for the memory").isEmpty();
        session.finishLate();
        runAll();

        assertThat(completed).containsExactly(2L);
        assertThat(content(9)).isEqualTo('W');
    }

    @Test
    void aLateWriteStoresItsOwnBytes() throws BlockIoException {
        submit(Job.write(3 * 512, filled('A')), 1);
        session.giveUp(0);
        poll();

        submit(Job.write(4 * 512, filled('B')), 2);
        session.finishLate();
        runAll();

        assertThat(content(3)).isEqualTo('A');
        assertThat(content(4)).isEqualTo('B');
    }

    @Test
    void aLateReadOfAnEdgeKeepsItsMemoryToo() throws BlockIoException {
        submit(Job.write(100, filled('A')), 1);
        assertThat(operations()).containsExactly("READ 0+2");
        session.giveUp(0);
        poll();

        submit(Job.write(9 * 512, filled('W')), 2);
        assertThat(operations()).isEmpty();
        session.finishLate();
        runAll();

        assertThat(content(9)).isEqualTo('W');
    }

    @Test
    void whatIsLeftOfTheMemoryServesOtherJobsMeanwhile() throws BlockIoException {
        use(GEOMETRY, 16, JobOptions.defaults());
        submit(Job.read(0, ByteBuffer.allocate(512)), 1);
        long kept = session.submitted().get(0).offset();
        session.giveUp(0);
        poll();

        for (int tag = 2; tag < 50; tag++) {
            submit(Job.write(9 * 512, filled('W')), tag);
            assertThat(session.submitted().get(0).offset()).isNotEqualTo(kept);
            runAll();
        }
        session.finishLate();

        assertThat(content(9)).isEqualTo('W');
    }

    @Test
    void aJobThatWaitsInVainFailsAndTheNextIsServedOnceTheDeviceAnswers() throws BlockIoException {
        use(0);
        submit(Job.read(0, ByteBuffer.allocate(512)), 1);
        session.giveUp(0);
        poll();

        submit(Job.write(9 * 512, filled('W')), 2);
        poll();
        poll();
        assertThat(failed.get(2L))
                .hasCauseInstanceOf(DeadlineException.class)
                .hasMessageContaining("given up and not answered since, 1 in all");

        session.finishLate();
        submit(Job.write(9 * 512, filled('V')), 3);
        runAll();
        assertThat(content(9)).isEqualTo('V');
    }
}
