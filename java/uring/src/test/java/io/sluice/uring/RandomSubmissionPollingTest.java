package io.sluice.uring;

import io.sluice.uring.contract.RandomContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RandomSubmissionPollingTest extends RandomContract {
    @TempDir
    Path directory;

    @Override
    protected UringDevice open() throws IOException {
        return UringDevice.open(
                TestFile.in(directory, TestFile.BYTES), UringOptions.defaults().submissionPolling(true));
    }
}
