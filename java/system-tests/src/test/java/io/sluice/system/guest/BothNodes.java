package io.sluice.system.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.Geometry;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.uring.UringDevice;
import io.sluice.uring.UringOptions;
import io.sluice.uring.UringSession;
import io.sluice.uring.contract.Recorder;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The two kinds of node beside each other: the same namespace, what one writes the other reads. */
class BothNodes {
    @Test
    void bothNodesDescribeTheSameNamespace() throws IOException {
        for (String address : new String[] {KernelNodes.SMALL_BLOCKS, KernelNodes.LARGE_BLOCKS}) {
            try (UringDevice block = KernelNodes.open(KernelNodes.block(address));
                    UringDevice passthrough = KernelNodes.open(KernelNodes.passthrough(address))) {
                Geometry one = block.geometry();
                Geometry other = passthrough.geometry();
                assertThat(other.blockBytes()).isEqualTo(one.blockBytes());
                assertThat(other.blockCount()).isEqualTo(one.blockCount());
                assertThat(other.volatileWriteCache()).isEqualTo(one.volatileWriteCache());
                assertThat(other.writeable()).isTrue();
                assertThat(other.maxTrimBlocks()).isPositive();
            }
        }
    }

    @Test
    void whatOneNodeWritesTheOtherReads() throws IOException {
        String address = KernelNodes.SMALL_BLOCKS;
        try (UringDevice block = KernelNodes.open(KernelNodes.block(address));
                UringDevice passthrough = KernelNodes.open(KernelNodes.passthrough(address));
                UringSession writing =
                        passthrough.open(SessionOptions.defaults().writeable(true));
                UringSession reading = block.open(SessionOptions.defaults())) {
            writing.buffer().bytes().putLong(4096, 0x1234_5678_9abc_def0L);
            writing.submit(Operation.WRITE_DURABLE, 77, 1, writing.buffer(), 4096, 0);
            assertThat(new Recorder().finish(writing).failures()).isEmpty();
            reading.submit(Operation.READ, 77, 1, reading.buffer(), 0, 0);
            assertThat(new Recorder().finish(reading).failures()).isEmpty();
            assertThat(reading.buffer().bytes().getLong(0)).isEqualTo(0x1234_5678_9abc_def0L);
        }
    }

    @Test
    void aDriveThatCannotBePolledSaysSoAndWorks() throws IOException {
        for (boolean passthrough : new boolean[] {false, true}) {
            String address = KernelNodes.SMALL_BLOCKS;
            try (UringDevice device = UringDevice.open(
                            passthrough ? KernelNodes.passthrough(address) : KernelNodes.block(address),
                            UringOptions.defaults().devicePolling(true));
                    UringSession session = device.open(SessionOptions.defaults())) {
                for (int i = 0; i < 100; i++) {
                    session.submit(Operation.READ, i, 1, session.buffer(), 0, i);
                }
                session.submit(Operation.SYNC, 0, 0, session.buffer(), 0, 100);
                assertThat(new Recorder().finish(session).failures()).isEmpty();
                assertThat(device.fallbacks())
                        .allMatch(sentence -> sentence.contains("polled") || sentence.contains("registered"));
            }
        }
    }
}
