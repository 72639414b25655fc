package io.sluice.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockIoException;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.SessionOptions;
import io.sluice.uring.contract.SessionContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a block device. */
class LoopDeviceTest extends SessionContract {
    @TempDir
    Path directory;

    private LoopDevice loop;

    @Override
    protected UringDevice open() throws IOException {
        loop = LoopDevice.over(TestFile.in(directory, TestFile.BYTES));
        return UringDevice.open(loop.node(), UringOptions.defaults());
    }

    @AfterEach
    void detach() throws IOException {
        if (loop != null) {
            loop.close();
        }
    }

    @Test
    void itsBlocksAreTheKernels() throws IOException {
        try (LoopDevice large = LoopDevice.over(TestFile.in(directory, TestFile.BYTES), "--sector-size", "4096");
                UringDevice device = UringDevice.open(large.node(), UringOptions.defaults())) {
            assertThat(device.geometry().blockBytes()).isEqualTo(4096);
            assertThat(device.geometry().blockCount()).isEqualTo(TestFile.BYTES / 4096);
            assertThat(device.geometry().writeable()).isTrue();
        }
    }

    @Test
    void aWriteProtectedOneIsNotWritten() throws IOException {
        try (LoopDevice still = LoopDevice.over(TestFile.in(directory, TestFile.BYTES), "--read-only");
                UringDevice device = UringDevice.open(still.node(), UringOptions.defaults())) {
            assertThat(device.geometry().writeable()).isFalse();
            assertThatThrownBy(() -> device.open(SessionOptions.defaults().writeable(true)))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void oneThatAnotherHasForItselfIsReadButNotWritten() throws IOException {
        try (LoopDevice claimed = LoopDevice.over(TestFile.in(directory, TestFile.BYTES));
                UringDevice first = UringDevice.open(claimed.node(), UringOptions.defaults());
                UringDevice second = UringDevice.open(claimed.node(), UringOptions.defaults());
                UringSession writing = first.open(SessionOptions.defaults().writeable(true));
                UringSession reading = second.open(SessionOptions.defaults())) {
            assertThat(writing.geometry().writeable()).isTrue();
            assertThat(reading.geometry().writeable()).isFalse();
            assertThatThrownBy(() -> second.open(SessionOptions.defaults().writeable(true)))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("another program has it");
            first.open(SessionOptions.defaults().writeable(true)).close();
        }
    }
}
