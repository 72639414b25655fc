package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.JobException;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.emulator.EmulatedController;
import io.sluice.emulator.Fault;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.LocalFunction;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** A device that fails now and then. */
class FailingDiskTest {
    private record Lab(EmulatedController emulated, NvmeController controller, Disk disk) implements Closeable {
        static Lab open() throws IOException {
            EmulatedController emulated = EmulatedController.builder()
                    .name("failing")
                    .maxTransferShift(1)
                    .volatileWriteCache(true)
                    .namespace(new RamDevice("ram", 512, 2048))
                    .build();
            NvmeController controller =
                    NvmeController.open(LocalFunction.owning(emulated), ControllerOptions.defaults());
            return new Lab(emulated, controller, Disk.of(controller.namespace(1)));
        }

        void inject(String fault) {
            emulated.inject(Fault.parse(fault));
        }

        @Override
        public void close() throws IOException {
            disk.close();
            controller.close();
        }
    }

    @Test
    void aPieceThatFailsIsToldWithItsBytesAndWorksOnceTheCauseIsGone() throws IOException {
        try (Lab lab = Lab.open();
                FileChannel channel = lab.disk.open()) {
            ByteBuffer into = ByteBuffer.allocate(40_000);
            lab.inject("status:code=281:op=read:lba=40");
            assertThatThrownBy(() -> channel.read(into, 100)).isInstanceOfSatisfying(JobException.class, failure -> {
                assertThat(failure.operation()).isEqualTo(Operation.READ);
                assertThat(failure.position()).isEqualTo(100);
                assertThat(failure.length()).isEqualTo(40_000);
                assertThat(failure.firstBlock()).isLessThanOrEqualTo(40);
                assertThat(failure.firstBlock() + failure.blockCount()).isGreaterThan(40);
                assertThat(failure.bytesDone()).isLessThanOrEqualTo(40 * 512 - 100);
            });
            assertThat(into.position()).isZero();
            assertThat(channel.read(ByteBuffer.allocate(100), 100)).isEqualTo(100);
            lab.emulated.clearFaults();
            assertThat(channel.read(into, 100)).isEqualTo(40_000);
        }
    }

    @Test
    void aSyncThatFailedIsNeverMadeGoodForThoseWhoWroteBefore() throws IOException {
        try (Lab lab = Lab.open();
                FileChannel writer = lab.disk.open();
                FileChannel bystander = lab.disk.open();
                AsynchronousFileChannel asynchronous = lab.disk.openAsync()) {
            int ignored = writer.write(Disk.pattern(5000, 1), 0);
            writer.force(true);
            lab.inject("status:code=006:op=flush:once");
            assertThatThrownBy(() -> writer.force(true)).isInstanceOf(JobException.class);
            // The device would do it now, of what is left.
            for (int again = 0; again < 2; again++) {
                assertThatThrownBy(() -> writer.force(true))
                        .isInstanceOf(FileSystemException.class)
                        .hasMessageContaining("open it again")
                        .hasCauseInstanceOf(JobException.class);
                assertThatThrownBy(() -> bystander.force(false)).isInstanceOf(FileSystemException.class);
                assertThatThrownBy(() -> asynchronous.force(false)).isInstanceOf(FileSystemException.class);
            }
            assertThat(writer.write(Disk.pattern(5000, 1), 0)).isEqualTo(5000);
            try (FileChannel fresh = lab.disk.open()) {
                assertThat(fresh.write(Disk.pattern(5000, 1), 0)).isEqualTo(5000);
                assertThatThrownBy(() -> fresh.force(true))
                        .isInstanceOf(JobException.class)
                        .hasMessageContaining("an earlier sync failed");
            }
        }
    }

    @Test
    void aDurableWriteThatFailsCanBeWrittenAgain() throws IOException {
        try (Lab lab = Lab.open();
                FileChannel channel =
                        FileChannel.open(lab.disk.all(), StandardOpenOption.WRITE, StandardOpenOption.DSYNC)) {
            lab.inject("status:code=280:op=write:once");
            ByteBuffer bytes = Disk.pattern(512, 1);
            assertThatThrownBy(() -> channel.write(bytes, 0)).isInstanceOf(JobException.class);
            assertThat(channel.write(bytes, 0)).isEqualTo(512);
        }
    }

    @Test
    void asynchronousRequestsFailOneByOne() throws Exception {
        try (Lab lab = Lab.open();
                AsynchronousFileChannel channel = lab.disk.openAsync()) {
            lab.inject("status:code=281:op=read:lba=8");
            assertThatThrownBy(() ->
                            channel.read(ByteBuffer.allocate(512), 8 * 512).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(JobException.class);
            assertThat(channel.read(ByteBuffer.allocate(512), 9 * 512).get()).isEqualTo(512);
        }
    }

    @Test
    void whatAWindowCouldNotWriteItKeepsAndTriesAgain() throws IOException {
        try (Lab lab = Lab.open();
                FileChannel reader = lab.disk.open()) {
            try (FileChannel gathering =
                    FileChannel.open(lab.disk.all(), StandardOpenOption.WRITE, new Caching.WriteWindow(4096))) {
                assertThat(gathering.write(Disk.pattern(100, 1), 512)).isEqualTo(100);
                lab.inject("status:code=280:op=write:once");
                assertThatThrownBy(() -> gathering.force(true)).isInstanceOf(IOException.class);
                gathering.force(true);
            }
            ByteBuffer bytes = ByteBuffer.allocate(100);
            assertThat(reader.read(bytes, 512)).isEqualTo(100);
            assertThat(bytes.flip()).isEqualTo(Disk.pattern(100, 1));
        }
    }

    @Test
    void aSyncThatFailedIsNotMadeGoodThroughAnotherFileOfTheDevice() throws IOException {
        try (Lab lab = Lab.open()) {
            new GptDisk(512).partition(1, 100, 199, "data").write(lab.disk.all());
            try (FileChannel part = FileChannel.open(lab.disk.path("/p1"), StandardOpenOption.WRITE);
                    FileChannel whole = lab.disk.open()) {
                assertThat(part.write(Disk.pattern(512, 1), 0)).isEqualTo(512);
                lab.inject("status:code=006:op=flush:once");
                assertThatThrownBy(() -> whole.force(true)).isInstanceOf(JobException.class);
                assertThatThrownBy(() -> part.force(true))
                        .isInstanceOf(FileSystemException.class)
                        .hasMessageContaining("open it again");
            }
        }
    }
}
