package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.uring.contract.RandomContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomSubmissionPollingTest extends RandomContract {
    @TempDir
    Path directory;

    @Override
    protected UringDevice open() throws IOException {
        return UringDevice.open(
                TestFile.in(directory, TestFile.BYTES), UringOptions.defaults().submissionPolling(true));
    }

    /** With no processor free the kernel's thread is interrupted between the answer to an operation and its word that it took the entry. */
    @Test
    void aSlotThatWasAnsweredIsUsedAgainWhileTheKernelHasNotGivenItsEntryBack() throws IOException {
        AtomicBoolean busy = new AtomicBoolean(true);
        List<Thread> others = IntStream.range(0, 2 * Runtime.getRuntime().availableProcessors())
                .mapToObj(i -> new Thread(() -> {
                    while (busy.get()) {
                        Thread.onSpinWait();
                    }
                }))
                .toList();
        others.forEach(Thread::start);
        try (UringDevice device = open();
                UringSession session = device.open(SessionOptions.defaults().queueDepth(16))) {
            Answers answers = new Answers();
            Random random = new Random(1);
            int submitted = 0;
            while (answers.good < 100_000) {
                int wanted = 1 + random.nextInt(16);
                while (wanted-- > 0 && session.submit(Operation.READ, 0, 1, session.buffer(), 0, submitted)) {
                    submitted++;
                }
                session.commit();
                int ignored = session.poll(answers, 1 + random.nextInt(16));
            }
        } finally {
            busy.set(false);
        }
    }

    private static final class Answers implements Completion {
        private int good;

        @Override
        public void completed(long tag) {
            good++;
        }

        @Override
        public void failed(long tag, BlockIoException failure) {
            throw new AssertionError(failure);
        }
    }
}
