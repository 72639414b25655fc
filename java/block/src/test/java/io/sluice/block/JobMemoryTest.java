package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memory of others, and in several places, as that of jobs. */
class JobMemoryTest implements JobCompletion {
    private final RamDevice device = new RamDevice("ram", 512, 1 << 12);
    private final List<Long> completed = new ArrayList<>();
    private final List<JobException> failed = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        device.close();
    }

    @Override
    public void completed(long tag) {
        completed.add(tag);
    }

    @Override
    public void failed(long tag, JobException failure) {
        failed.add(failure);
    }

    private Jobs open(int depth, int maxTransferBlocks, int alignmentBytes) throws IOException {
        BlockSession session = device.open(
                SessionOptions.defaults().writeable(true).bufferBytes(1 << 16).queueDepth(depth));
        Geometry whole = session.geometry();
        Geometry smaller = new Geometry(
                512, whole.blockCount(), true, alignmentBytes, maxTransferBlocks, whole.maxTrimBlocks(), 0, false);
        return new Jobs(
                new ShuffledSession(session, smaller, depth, 1),
                JobOptions.defaults().maxJobs(16),
                this);
    }

    private void finish(Jobs jobs) throws IOException {
        while (jobs.inFlight() > 0) {
            jobs.commit();
            jobs.poll(Integer.MAX_VALUE);
        }
    }

    private static void fill(ByteBuffer memory) {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) (i / 512 * 3 + i));
        }
    }

    @Test
    void alignedSegmentsOfAWholeJobAreOneOperationWithoutACopy() throws IOException {
        try (Jobs jobs = open(8, 64, 4)) {
            ByteBuffer mine = ByteBuffer.allocateDirect(1 << 14);
            fill(mine);
            IoBuffer wrapped = jobs.wrap(mine);
            Segments segments =
                    new Segments(3).add(wrapped, 8192, 512).add(wrapped, 4, 508).add(wrapped, 1024, 516);
            assertThat(jobs.submit(Operation.WRITE, 512, segments, 1)).isTrue();
            segments.clear();
            finish(jobs);
            assertThat(jobs.statistics()).isEqualTo(new JobStatistics(1, 0, 0, 0));
            ByteBuffer read = ByteBuffer.allocate(1536);
            assertThat(jobs.submit(Job.read(512, read), 2)).isTrue();
            finish(jobs);
            assertThat(completed).containsExactly(1L, 2L);
            assertThat(read.slice(0, 512)).isEqualTo(mine.slice(8192, 512));
            assertThat(read.slice(512, 508)).isEqualTo(mine.slice(4, 508));
            assertThat(read.slice(1020, 516)).isEqualTo(mine.slice(1024, 516));
        }
    }

    @Test
    void piecesOfALargeJobTakeTheirPartOfTheSegmentsWithoutACopy() throws IOException {
        try (Jobs jobs = open(4, 8, 512)) {
            ByteBuffer mine = ByteBuffer.allocateDirect(1 << 17);
            fill(mine);
            IoBuffer wrapped = jobs.wrap(mine);
            Segments segments = new Segments(3)
                    .add(wrapped, 1 << 16, 5 * 512)
                    .add(wrapped, 512, 512)
                    .add(wrapped, 2048, 40 * 512);
            assertThat(jobs.submit(Job.write(1024, segments), 1)).isTrue();
            finish(jobs);
            // 46 blocks in pieces of 8.
            assertThat(jobs.statistics()).isEqualTo(new JobStatistics(6, 0, 0, 0));
            ByteBuffer back = ByteBuffer.allocateDirect(1 << 17);
            IoBuffer there = jobs.wrap(back);
            Segments into = new Segments(2).add(there, 0, 45 * 512).add(there, 1 << 16, 512);
            assertThat(jobs.submit(Job.read(1024, into), 2)).isTrue();
            finish(jobs);
            assertThat(jobs.statistics()).isEqualTo(new JobStatistics(12, 0, 0, 0));
            assertThat(back.slice(0, 5 * 512)).isEqualTo(mine.slice(1 << 16, 5 * 512));
            assertThat(back.slice(5 * 512, 512)).isEqualTo(mine.slice(512, 512));
            assertThat(back.slice(6 * 512, 39 * 512)).isEqualTo(mine.slice(2048, 39 * 512));
            assertThat(back.slice(1 << 16, 512)).isEqualTo(mine.slice(2048 + 39 * 512, 512));
            assertThat(failed).isEmpty();
        }
    }

    @Test
    void segmentsThatTheDeviceCannotReachAsTheyLieAreCopied() throws IOException {
        try (Jobs jobs = open(4, 8, 512)) {
            ByteBuffer mine = ByteBuffer.allocateDirect(1 << 14);
            fill(mine);
            IoBuffer wrapped = jobs.wrap(mine);
            Segments segments = new Segments(2).add(wrapped, 3, 1000).add(wrapped, 2000, 2000);
            assertThat(jobs.submit(Job.write(700, segments), 1)).isTrue();
            finish(jobs);
            assertThat(jobs.statistics().bouncedBytes()).isEqualTo(3000);
            ByteBuffer read = ByteBuffer.allocate(3000);
            assertThat(jobs.submit(Job.read(700, read), 2)).isTrue();
            finish(jobs);
            assertThat(read.slice(0, 1000)).isEqualTo(mine.slice(3, 1000));
            assertThat(read.slice(1000, 2000)).isEqualTo(mine.slice(2000, 2000));
        }
    }

    @Test
    void segmentsInThePartOfTheBufferThatServesBouncesAreRefused() throws IOException {
        try (Jobs jobs = open(4, 8, 4)) {
            Segments segments = new Segments(2)
                    .add(jobs.session().buffer(), 0, 512)
                    .add(jobs.session().buffer(), jobs.freeBytes() - 508, 512);
            assertThatThrownBy(() -> jobs.submit(Operation.READ, 0, segments, 1))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("512 bytes at offset " + (jobs.freeBytes() - 508));
            assertThatThrownBy(() -> jobs.submit(Operation.READ, 0, new Segments(1), 1))
                    .as("of no bytes")
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void memoryIsNotTakenAwayFromAJobThatWaitsForItsTurn() throws IOException {
        BlockSession session = device.open(
                SessionOptions.defaults().writeable(true).bufferBytes(1 << 16).queueDepth(1));
        try (Jobs jobs = new Jobs(session, JobOptions.defaults().maxJobs(16), this)) {
            IoBuffer wrapped = jobs.wrap(ByteBuffer.allocateDirect(4096));
            IoBuffer other = jobs.wrap(ByteBuffer.allocateDirect(4096));
            assertThat(jobs.submit(Job.read(0, 512, session.buffer(), 0), 1)).isTrue();
            assertThat(jobs.submit(Job.read(512, 512, wrapped, 0), 2)).isTrue();
            assertThat(jobs.submit(Job.read(1024, new Segments(1).add(other, 0, 512)), 3))
                    .isTrue();
            for (IoBuffer named : List.of(wrapped, other)) {
                assertThatThrownBy(() -> jobs.unwrap(named))
                        .isInstanceOf(BlockIoException.class)
                        .hasMessageContaining("not resolved");
            }
            finish(jobs);
            jobs.unwrap(wrapped);
            jobs.unwrap(other);
            assertThat(completed).containsExactly(1L, 2L, 3L);
            assertThat(failed).isEmpty();
        }
    }
}
