package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of {@link Jobs}. */
class JobsTest extends ScriptedJobs {
    @Test
    void anAlignedJobInTheSessionsMemoryIsOneOperationWithoutACopy() throws BlockIoException {
        submit(Job.read(1024, 2048, session.buffer(), 64), 7);
        assertThat(operations()).containsExactly("READ 2+4");
        assertThat(session.submitted().get(0).offset()).isEqualTo(64);
        session.finish(0);
        assertThat(poll()).isEqualTo(1);
        assertThat(completed).containsExactly(7L);
    }

    @Test
    void otherMemoryIsCopiedThroughTheEndOfTheBuffer() throws BlockIoException {
        ByteBuffer from = bytes(700, 5);
        submit(Job.write(512, from.position(100).limit(612)), 1);
        ScriptedBlockSession.Submitted write = session.submitted().get(0);
        assertThat(write).hasToString("WRITE 1+1");
        assertThat(write.offset()).isGreaterThanOrEqualTo(jobs.freeBytes());
        runAll();
        assertThat(ByteBuffer.wrap(session.content(), 512, 512)).isEqualTo(from);
        assertThat(from.position()).isEqualTo(100);
    }

    @Test
    void aLargeJobHasItsPiecesInFlightTogether() throws BlockIoException {
        submit(directRead(0, 64 * 512), 1);
        assertThat(operations())
                .containsExactly(
                        "READ 0+8",
                        "READ 8+8",
                        "READ 16+8",
                        "READ 24+8",
                        "READ 32+8",
                        "READ 40+8",
                        "READ 48+8",
                        "READ 56+8");
        session.finish(3);
        assertThat(poll()).isZero();
        session.finishAll();
        assertThat(poll()).isEqualTo(1);
    }

    @Test
    void moreThanTheSessionHoldsFollowsAsThereIsRoom() throws BlockIoException {
        use(GEOMETRY, 2, JobOptions.defaults());
        submit(directRead(0, 32 * 512), 1);
        assertThat(operations()).containsExactly("READ 0+8", "READ 8+8");
        session.finish(0);
        assertThat(poll()).isZero();
        assertThat(operations()).containsExactly("READ 8+8", "READ 16+8");
        assertThat(session.committedAll())
                .as("what follows is made known to the device")
                .isTrue();
        runAll();
        assertThat(completed).containsExactly(1L);
    }

    @Test
    void aSmallJobTakesItsTurnBesideALargeOne() throws BlockIoException {
        use(GEOMETRY, 2, JobOptions.defaults());
        submit(directRead(0, 64 * 512), 1);
        submit(directRead(100 * 512, 512), 2);
        session.finishAll();
        assertThat(poll()).isZero();
        assertThat(operations()).containsExactly("READ 16+8", "READ 100+1");
    }

    @Test
    void aReadOfPartsOfBlocksReadsThemWholeAndGivesThePart() throws BlockIoException {
        for (int i = 0; i < session.content().length; i++) {
            session.content()[i] = (byte) (i * 7);
        }
        ByteBuffer into = ByteBuffer.allocate(1000);
        submit(Job.read(700, into), 1);
        assertThat(operations()).containsExactly("READ 1+3");
        runAll();
        assertThat(into).isEqualTo(ByteBuffer.wrap(session.content(), 700, 1000));
    }

    @Test
    void inTheSessionsMemoryOnlyTheEdgesOfAnUnalignedReadAreCopied() throws BlockIoException {
        session.content()[3 * 512 + 5] = 99;
        // The second block starts at offset 412 + 100 = 512 of the memory, which the device can reach.
        submit(Job.read(2 * 512 + 100, 4 * 512, session.buffer(), 100), 1);
        assertThat(operations()).containsExactly("READ 2+1", "READ 3+3", "READ 6+1");
        assertThat(session.submitted().get(1).offset()).isEqualTo(512);
        runAll();
        assertThat(session.buffer().bytes().get(100 + 412 + 5)).isEqualTo((byte) 99);
    }

    @Test
    void memoryThatTheDeviceCannotReachAsItLiesIsCopied() throws BlockIoException {
        submit(Job.read(0, 1024, session.buffer(), 2), 1);
        assertThat(session.submitted().get(0).offset()).isGreaterThanOrEqualTo(jobs.freeBytes());
    }

    @Test
    void aWriteOfAPartReadsTheBlockFirstAndKeepsTheRest() throws BlockIoException {
        session.content()[99] = 1;
        session.content()[200] = 2;
        submit(Job.write(100, bytes(100, 10)), 1);
        assertThat(operations()).containsExactly("READ 0+1");
        session.finish(0);
        assertThat(poll()).isZero();
        assertThat(operations()).containsExactly("WRITE 0+1");
        session.finish(0);
        assertThat(poll()).isEqualTo(1);
        assertThat(session.content()[99]).isEqualTo((byte) 1);
        assertThat(session.content()[200]).isEqualTo((byte) 2);
        assertThat(ByteBuffer.wrap(session.content(), 100, 100)).isEqualTo(bytes(100, 10));
    }

    @Test
    void onlyTheBlockAtTheEdgeOfALargerWriteIsRead() throws BlockIoException {
        submit(Job.write(100, bytes(512 * 3 - 100, 1)), 1);
        assertThat(operations()).containsExactly("READ 0+1");
        session.finish(0);
        poll();
        assertThat(operations()).containsExactly("WRITE 0+3");
        runAll();
        submit(Job.write(1024, bytes(600, 1)), 2);
        assertThat(operations()).containsExactly("READ 3+1");
        runAll();
        submit(Job.write(10, bytes(1024, 1)), 3);
        assertThat(operations()).as("both edges of a short one at once").containsExactly("READ 0+3");
        runAll();
    }

    @Test
    void memoryIsAlignedHoweverMuchMoreTheDeviceWantsThanABlock() throws BlockIoException {
        use(new Geometry(512, 256, true, 2048, 6, 0, 0, true), 16, JobOptions.defaults());
        submit(Job.read(0, 512 * 12, session.buffer(), 2048), 1);
        assertThat(operations()).containsExactly("READ 0+4", "READ 4+4", "READ 8+4");
        runAll();
        submit(Job.write(0, bytes(1024 + 10, 1)), 2);
        assertThat(operations())
                .as("the block at the end alone would lie wrong")
                .containsExactly("READ 0+3");
        session.submitted().forEach(o -> assertThat(o.offset() % 2048).isZero());
    }

    @Test
    void noPieceReachesAcrossABoundaryOfTheDevice() throws BlockIoException {
        use(GEOMETRY.boundary(new IoBoundary(8, 3)), 16, JobOptions.defaults());
        submit(Job.read(512, 512 * 16, session.buffer(), 0), 1);
        assertThat(operations()).containsExactly("READ 1+2", "READ 3+8", "READ 11+6");
        runAll();
        submit(Job.write(512, bytes(512 * 4, 1)), 2);
        assertThat(operations()).as("copied ones neither").containsExactly("WRITE 1+2", "WRITE 3+2");
        runAll();
        submit(Job.trim(0, 512 * 16), 3);
        assertThat(operations()).as("nothing is transferred").containsExactly("TRIM 0+16");
        runAll();
    }

    @Test
    void aBoundaryThatWouldLeaveMemoryMisalignedIsCrossed() throws BlockIoException {
        use(
                new Geometry(512, 256, true, 2048, 8, 0, 0, true).boundary(new IoBoundary(8, 3)),
                16,
                JobOptions.defaults());
        submit(Job.read(0, 512 * 16, session.buffer(), 0), 1);
        assertThat(operations()).containsExactly("READ 0+8", "READ 8+8");
        runAll();
    }

    @Test
    void aDurableWriteOfAPartIsDurable() throws BlockIoException {
        submit(Job.write(1, bytes(2, 1)).durable(), 1);
        session.finish(0);
        poll();
        assertThat(operations()).containsExactly("WRITE_DURABLE 0+1");
    }

    @Test
    void aTrimIsSplitAndLeavesPartsOfBlocksAlone() throws BlockIoException {
        submit(Job.trim(100, 512 * 20), 1);
        assertThat(operations()).containsExactly("TRIM 1+16", "TRIM 17+3");
        runAll();
        submit(Job.trim(100, 600), 2);
        assertThat(poll()).as("no block is covered whole").isEqualTo(1);
        assertThat(completed).containsExactly(1L, 2L);
    }

    @Test
    void aDeviceThatCannotTrimIsNotAsked() {
        use(new Geometry(512, 256, true, 4, 8, 0, 4, true), 4, JobOptions.defaults());
        assertThatThrownBy(() -> jobs.submit(Job.trim(0, 512), 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("cannot");
    }

    @Test
    void zeroesAreSplitAndWrittenInParts() throws BlockIoException {
        java.util.Arrays.fill(session.content(), (byte) 1);
        submit(Job.zero(100, 512 * 6), 1);
        assertThat(operations()).containsExactly("READ 0+1", "WRITE_ZEROES 1+4", "WRITE_ZEROES 5+1", "READ 6+1");
        runAll();
        assertThat(session.content()[99]).isEqualTo((byte) 1);
        assertThat(session.content()[100 + 512 * 6]).isEqualTo((byte) 1);
        for (int i = 100; i < 100 + 512 * 6; i++) {
            assertThat(session.content()[i]).isZero();
        }
    }

    @Test
    void whereTheDeviceCannotZeroTheyAreWritten() throws BlockIoException {
        use(new Geometry(512, 256, true, 4, 8, 0, 0, true), 16, JobOptions.defaults());
        java.util.Arrays.fill(session.content(), (byte) 1);
        submit(Job.zero(512, 512 * 20), 1);
        assertThat(operations()).containsExactly("WRITE 1+8", "WRITE 9+8", "WRITE 17+4");
        runAll();
        assertThat(session.content()[512]).isZero();
        assertThat(session.content()[511]).isEqualTo((byte) 1);
        assertThat(session.content()[21 * 512]).isEqualTo((byte) 1);
    }

    @Test
    void aFailureGivesTheBytesBeforeItAndItsOwnBlocks() throws BlockIoException {
        submit(directRead(512, 32 * 512), 1);
        assertThat(operations()).containsExactly("READ 1+8", "READ 9+8", "READ 17+8", "READ 25+8");
        BlockIoException later = session.fail(3);
        BlockIoException first = session.fail(1);
        session.finishAll();
        assertThat(poll()).isEqualTo(1);
        JobException failure = failed.get(1L);
        assertThat(failure.bytesDone()).isEqualTo(8 * 512);
        assertThat(failure.firstBlock()).isEqualTo(9);
        assertThat(failure.blockCount()).isEqualTo(8);
        assertThat(failure.operation()).isEqualTo(Operation.READ);
        assertThat(failure.position()).isEqualTo(512);
        assertThat(failure.length()).isEqualTo(32 * 512);
        assertThat(failure).hasCause(first).hasMessageContaining("4096 of the job's 16384 bytes");
        assertThat(first.getSuppressed()).containsExactly(later);
    }

    @Test
    void afterAFailureNothingMoreIsBegun() throws BlockIoException {
        use(GEOMETRY, 2, JobOptions.defaults());
        submit(directRead(0, 64 * 512), 1);
        BlockIoException ignored = session.fail(1);
        assertThat(poll()).as("a piece is still under way").isZero();
        assertThat(operations()).containsExactly("READ 0+8");
        session.finish(0);
        assertThat(poll()).isEqualTo(1);
        assertThat(failed.get(1L).bytesDone()).isEqualTo(8 * 512);
    }

    @Test
    void aFailedOperationThatIsAWholeJobHasDoneNothing() throws BlockIoException {
        submit(directRead(512, 512), 1);
        BlockIoException cause = session.fail(0);
        poll();
        assertThat(failed.get(1L)).hasCause(cause);
        assertThat(failed.get(1L).bytesDone()).isZero();
    }

    @Test
    void aBlockThatCannotBeReadIsNotWritten() throws BlockIoException {
        submit(Job.write(1, bytes(4, 1)), 1);
        submit(Job.write(2, bytes(4, 1)), 2);
        BlockIoException ignored = session.fail(0);
        poll();
        assertThat(failed.get(1L).operation()).isEqualTo(Operation.READ);
        assertThat(operations()).as("who waited goes on").containsExactly("READ 0+1");
        runAll();
        assertThat(completed).containsExactly(2L);
    }

    @Test
    void aCancelledJobBeginsNothingMore() throws BlockIoException {
        use(GEOMETRY, 2, JobOptions.defaults());
        submit(directRead(0, 64 * 512), 1);
        assertThat(jobs.cancel(1)).isTrue();
        assertThat(jobs.cancel(2)).isFalse();
        assertThat(poll()).isZero();
        runAll();
        assertThat(failed.get(1L)).isInstanceOf(JobCancelledException.class);
        assertThat(failed.get(1L).bytesDone()).isEqualTo(16 * 512);
        assertThat(failed.get(1L).firstBlock()).isEqualTo(16);
        assertThat(failed.get(1L).blockCount()).isEqualTo(48);
    }

    @Test
    void aCancelledJobOfWhichAllIsUnderWayCompletes() throws BlockIoException {
        submit(directRead(0, 64 * 512), 1);
        submit(directRead(0, 512), 2);
        assertThat(jobs.cancel(1)).isTrue();
        assertThat(jobs.cancel(2)).isTrue();
        runAll();
        assertThat(completed).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void closingTellsEveryJobOnce() throws IOException {
        use(GEOMETRY, 2, JobOptions.defaults().maxJobs(8));
        submit(directRead(0, 512), 1);
        submit(directRead(0, 64 * 512), 2);
        submit(Job.write(1, bytes(4, 1)), 3);
        submit(Job.write(2, bytes(4, 1)), 4);
        submit(Job.sync(), 5);
        jobs.close();
        jobs.close();
        assertThat(session.closed()).isTrue();
        assertThat(completed).containsExactly(1L);
        assertThat(failed).containsOnlyKeys(2L, 3L, 4L, 5L);
        assertThat(failed.get(2L)).isInstanceOf(JobCancelledException.class).hasMessageContaining("closed");
        assertThat(failed.get(2L).bytesDone()).isEqualTo(8 * 512);
        assertThatThrownBy(() -> jobs.submit(Job.sync(), 6)).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(this::poll).isInstanceOf(SessionClosedException.class);
        assertThatThrownBy(() -> jobs.await(0)).isInstanceOf(SessionClosedException.class);
    }

    @Test
    void aDeviceThatIsPulledFailsEveryJobOnce() throws IOException {
        use(GEOMETRY, 2, JobOptions.defaults().maxJobs(8));
        submit(directRead(0, 512), 1);
        submit(directRead(0, 64 * 512), 2);
        submit(Job.write(1, bytes(4, 1)), 3);
        session.pull();
        assertThat(poll()).isEqualTo(3);
        assertThat(failed).containsOnlyKeys(1L, 2L, 3L);
        assertThat(failed.get(2L).bytesDone()).isZero();
        assertThat(failed.get(1L)).hasRootCauseInstanceOf(DeviceGoneException.class);
        assertThatThrownBy(this::poll).isInstanceOf(DeviceGoneException.class);
        assertThatThrownBy(() -> jobs.submit(Job.sync(), 6)).isInstanceOf(DeviceGoneException.class);
        jobs.close();
        assertThat(session.closed()).isTrue();
    }

    @Test
    void aDeviceThatIsPulledDuringCloseFailsEveryJobOnce() throws IOException {
        submit(directRead(0, 512), 1);
        session.pull();
        jobs.close();
        assertThat(failed).containsOnlyKeys(1L);
        assertThat(session.closed()).isTrue();
    }

    @Test
    void noMoreJobsAreTakenThanThereAreRows() throws BlockIoException {
        use(GEOMETRY, 16, JobOptions.defaults().maxJobs(2));
        submit(directRead(0, 512), 1);
        submit(Job.read(1, ByteBuffer.allocate(1)), 2);
        assertThat(jobs.submit(directRead(0, 512), 3)).isFalse();
        assertThat(jobs.submit(Job.sync(), 3)).isFalse();
        session.finish(0);
        poll();
        submit(Job.sync(), 3);
        assertThat(jobs.inFlight()).isEqualTo(2);
    }

    @Test
    void noMoreJobsAreToldThanWereAskedFor() throws BlockIoException {
        for (int tag = 0; tag < 4; tag++) {
            submit(directRead(0, 512), tag);
            submit(Job.read(1, ByteBuffer.allocate(1)), 10 + tag);
        }
        session.finishAll();
        int told = 0;
        for (int i = 0; i < 8; i++) {
            int now = jobs.poll(1);
            assertThat(now).isLessThanOrEqualTo(1);
            told += now;
        }
        assertThat(told).isEqualTo(8);
    }

    @Test
    void whoIsToldMaySubmitButNotPoll() throws BlockIoException {
        List<Object> seen = new ArrayList<>();
        jobs = new Jobs(session, JobOptions.defaults().maxJobs(1), new JobCompletion() {
            @Override
            public void completed(long tag) {
                try {
                    if (tag < 3) {
                        seen.add(jobs.submit(Job.read(tag, ByteBuffer.allocate(1)), tag + 1));
                    }
                    jobs.poll(1);
                } catch (BlockIoException | IllegalStateException failure) {
                    seen.add(failure.getClass());
                }
            }

            @Override
            public void failed(long tag, JobException failure) {
                throw new AssertionError(failure);
            }
        });
        submit(directRead(0, 512), 1);
        runAll();
        assertThat(seen)
                .containsExactly(
                        true,
                        IllegalStateException.class,
                        true,
                        IllegalStateException.class,
                        IllegalStateException.class);
    }

    @Test
    void whatCanNeverBeDoneIsRefusedAtOnce() throws BlockIoException {
        ByteBuffer memory = ByteBuffer.allocate(512);
        long[][] wrong = {
            {-1, 1},
            {0, 0},
            {0, -1},
            {256 * 512, 1},
            {256 * 512 - 1, 2},
            {Long.MAX_VALUE, 1},
            {1, Long.MAX_VALUE},
            {Long.MIN_VALUE, Long.MIN_VALUE},
            {Long.MAX_VALUE, Long.MAX_VALUE},
            {Long.MAX_VALUE - 1, 3}
        };
        for (long[] range : wrong) {
            assertThatThrownBy(() -> jobs.submit(Operation.READ, range[0], range[1], memory, 0, 1))
                    .as("%d bytes at %d", range[1], range[0])
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> jobs.submit(Operation.READ, range[0], range[1], session.buffer(), 0, 1))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> jobs.change(Operation.WRITE_ZEROES, range[0], range[1], 1))
                    .isInstanceOf(InvalidRequestException.class);
        }
        for (long offset : new long[] {-1, 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> jobs.submit(Operation.READ, 0, 512, memory, offset, 1))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("512 bytes of memory");
        }
        assertThatThrownBy(() -> jobs.submit(Operation.READ, 0, 512, session.buffer(), jobs.freeBytes() - 511, 1))
                .as("the end of the buffer is for bounces")
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> jobs.submit(Job.read(0, memory.asReadOnlyBuffer()), 1))
                .hasMessageContaining("read-only buffer");
        assertThatThrownBy(() -> jobs.change(Operation.READ, 0, 512, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> jobs.submit(Operation.TRIM, 0, 512, memory, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(jobs.inFlight()).isZero();
    }

    private static IoBuffer memory(int size, ByteBuffer bytes) {
        return new IoBuffer() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public ByteBuffer bytes() {
                return bytes;
            }
        };
    }

    @Test
    void nothingIsReadIntoMemoryOfTheSessionThatIsReadOnly() {
        IoBuffer readOnly = memory(4096, ByteBuffer.allocateDirect(4096).asReadOnlyBuffer());
        for (long position : new long[] {1, 512}) {
            // In part, and too large for one operation.
            assertThatThrownBy(() -> jobs.submit(Job.read(position, position == 1 ? 10 : 4096 + 1, readOnly, 0), 1))
                    .isInstanceOf(InvalidRequestException.class);
        }
        assertThatThrownBy(() -> jobs.submit(Job.read(1, 10, readOnly, 0), 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("read-only buffer");
        assertThatThrownBy(() -> jobs.submit(Job.read(1, new Segments(1).add(readOnly, 0, 10)), 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("read-only buffer");
        assertThat(jobs.inFlight()).isZero();
    }

    @Test
    void memoryThatCannotBeTouchedFailsItsOwnJobAlone() throws BlockIoException {
        // As a segment of an arena that was closed meanwhile: whoever touches it gets an exception that is no I/O one.
        IoBuffer gone = memory(4096, ByteBuffer.allocateDirect(1));
        submit(Job.write(1, 100, gone, 2), 1);
        submit(Job.read(3, 100, gone, 2), 2);
        submit(Job.read(3, ByteBuffer.allocate(100)), 3);
        runAll();
        assertThat(completed).containsExactly(3L);
        assertThat(failed).containsOnlyKeys(1L, 2L);
        assertThat(failed.get(1L))
                .hasMessageContaining("memory of the job")
                .hasRootCauseInstanceOf(IndexOutOfBoundsException.class);
        assertThat(failed.get(2L).bytesDone()).isZero();
        assertThat(ByteBuffer.wrap(session.content())).isEqualTo(ByteBuffer.allocate(session.content().length));
    }

    @Test
    void whatOneJobMetIsNotToldOfAnother() throws BlockIoException {
        submit(directRead(0, 64 * 512), 1);
        submit(directRead(0, 16 * 512), 2);
        BlockIoException own = session.fail(2);
        poll();
        session.pull();
        poll();
        assertThat(failed.get(1L).bytesDone()).isZero();
        assertThat(failed.get(1L).getCause().getSuppressed()).containsExactly(own);
        assertThat(failed.get(2L).getCause().getSuppressed()).isEmpty();
        assertThat(failed.get(1L)).hasRootCauseInstanceOf(DeviceGoneException.class);
    }

    @Test
    void aReadOnlySessionChangesNothing() {
        use(GEOMETRY.window(0, 256, false), 4, JobOptions.defaults());
        for (Job job : List.of(Job.write(0, bytes(1, 1)), Job.zero(0, 1), Job.trim(0, 512))) {
            assertThatThrownBy(() -> jobs.submit(job, 1))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void oneSmallBounceIsEnoughForAnything() throws BlockIoException {
        use(GEOMETRY, 16, JobOptions.defaults().bounceBytes(1));
        ByteBuffer data = bytes(100 * 512 - 3, 9);
        submit(Job.write(1, data), 1);
        runAll();
        ByteBuffer back = ByteBuffer.allocate(data.capacity());
        submit(Job.read(1, back), 2);
        runAll();
        assertThat(back).isEqualTo(data);
    }

    @Test
    void aBounceLargerThanTheBufferIsRefused() {
        assertThatThrownBy(() -> use(GEOMETRY, 1, JobOptions.defaults().bounceBytes((1 << 17) + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("larger");
    }

    @Test
    void whatWasCopiedIsCounted() throws BlockIoException {
        submit(directRead(0, 512), 1);
        submit(directRead(0, 512 * 20), 2);
        submit(Job.read(512, ByteBuffer.allocate(512)), 3);
        submit(Job.write(100, bytes(50, 1)), 4);
        submit(Job.zero(4096, 512), 5);
        runAll();
        assertThat(jobs.statistics()).isEqualTo(new JobStatistics(4, 2, 562, 1));
    }

    @Test
    void jobsDescribeThemselves() {
        assertThat(Job.read(5, bytes(7, 0).position(2)).length()).isEqualTo(5);
        assertThat(Job.write(5, bytes(7, 0)).durable().operation()).isEqualTo(Operation.WRITE_DURABLE);
        assertThatThrownBy(() -> Job.sync().durable()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Job(Operation.READ, 0, 1, null, null, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Job(Operation.SYNC, 0, 0, bytes(1, 1), null, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
