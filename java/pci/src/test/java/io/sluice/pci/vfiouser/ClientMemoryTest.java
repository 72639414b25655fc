package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.linux.AnonymousFile;
import io.sluice.linux.Descriptor;
import io.sluice.linux.EventDescriptor;
import io.sluice.linux.MappedMemory;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import java.io.IOException;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;

/** The memory that a client gives to the device, and takes away. */
class ClientMemoryTest extends ServerTest {
    @Test
    void memoryThatCannotBeMeantIsRefused() throws IOException {
        try (RawClient client = client();
                SharedMemory memory = SharedMemory.allocate("sluice-client", 1 << 16, PageChoice.PLAIN)) {
            Descriptor file = memory.descriptor();
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0x10000, 0x10000), file))
                    .isNull();
            // Overlapping from below, from above, within and around.
            for (long[] range : new long[][] {{0xf000, 0x2000}, {0x1f000, 0x2000}, {0x11000, 0x1000}, {0, 0x100000}}) {
                assertThat(client.ask(new Request.DmaMap(BOTH, 0, range[0], range[1])))
                        .isEqualTo(Errno.EEXIST);
            }
            // Empty, wrapping, everything, not whole pages.
            for (long[] range :
                    new long[][] {{0x40000, 0}, {-4096, 8192}, {4096, -4096}, {0x40800, 0x1000}, {0x40000, 0x800}}) {
                assertThat(client.ask(new Request.DmaMap(BOTH, 0, range[0], range[1])))
                        .isEqualTo(Errno.EINVAL);
            }
            // Beyond its file, before it, behind every file.
            for (long offset : new long[] {0x10000, 0xf000, 0x800, Long.MAX_VALUE & -4096, -4096}) {
                assertThat(client.ask(new Request.DmaMap(BOTH, offset, 0x40000, 0x2000), file))
                        .isEqualTo(Errno.EINVAL);
            }
            for (int flags : new int[] {0, 4, -1}) {
                assertThat(client.ask(new Request.DmaMap(flags, 0, 0x40000, 0x1000), file))
                        .isEqualTo(Errno.EINVAL);
            }
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0x40000, 0x1000), file, file))
                    .isEqualTo(Errno.EINVAL);
            assertThat(served.device.hostMemory().pieces()).isEqualTo(1);
            // The last page that there is.
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, -4096, 4096), file))
                    .isNull();
            assertThat(served.device.hostMemory().find(-1)).isNotNegative();
        }
    }

    @Test
    void whatIsNoMemoryIsNotMapped() throws IOException {
        try (RawClient client = client();
                EventDescriptor event = EventDescriptor.create()) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0, 4096), event.descriptor()))
                    .isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void memoryWithoutADescriptorIsKnownAndNotReached() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0, 1L << 40))).isNull();
            assertThat(served.device.hostMemory().pieces()).isZero();
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0x1000, 0x1000))).isEqualTo(Errno.EEXIST);
            assertThat(client.ask(new DmaUnmap(0, 0, 1L << 40))).isNull();
        }
    }

    @Test
    void thereIsAnEndToPiecesOfMemory() throws IOException {
        try (RawClient client = client()) {
            int granted = 0;
            while (client.ask(new Request.DmaMap(BOTH, 0, 4096L * granted, 4096)) == null) {
                granted++;
            }
            assertThat(granted).isEqualTo(4096);
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 1L << 40, 4096))).isEqualTo(Errno.ENOSPC);
            assertThat(client.ask(new DmaUnmap(0, 4096, 4096))).isNull();
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 1L << 40, 4096))).isNull();
        }
    }

    @Test
    void memoryIsTakenAwayExactlyAsItWasGiven() throws IOException {
        try (RawClient client = client();
                SharedMemory memory = SharedMemory.allocate("sluice-client", 1 << 16, PageChoice.PLAIN)) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0x10000, 0x10000), memory.descriptor()))
                    .isNull();
            for (long[] range : new long[][] {{0x10000, 0x8000}, {0x18000, 0x8000}, {0, 0x10000}, {0x10000, 0x20000}}) {
                assertThat(client.ask(new DmaUnmap(0, range[0], range[1]))).isEqualTo(Errno.ENOENT);
            }
            for (long[] range : new long[][] {{0x10000, 0}, {-1, 2}}) {
                assertThat(client.ask(new DmaUnmap(0, range[0], range[1]))).isEqualTo(Errno.EINVAL);
            }
            // A bitmap of written pages, and what no version has.
            for (int flags : new int[] {1, 3, 4, -1}) {
                assertThat(client.ask(new DmaUnmap(flags, 0x10000, 0x10000))).isEqualTo(Errno.ENOTSUP);
            }
            assertThat(client.ask(new DmaUnmap(DmaUnmap.ALL, 0x10000, 0))).isEqualTo(Errno.EINVAL);
            assertThat(served.device.hostMemory().pieces()).isEqualTo(1);
            int changes = served.device.memoryChanges.get();
            assertThat(client.ask(new DmaUnmap(0, 0x10000, 0x10000))).isNull();
            assertThat(served.device.memoryChanges.get()).isEqualTo(changes + 1);
            assertThat(served.device.hostMemory().pieces()).isZero();
            assertThat(client.ask(new DmaUnmap(DmaUnmap.ALL, 0, 0))).isNull();
        }
    }

    @Test
    void memoryThatIsOnlyReadIsNotWritten() throws IOException {
        try (RawClient client = client();
                SharedMemory memory = SharedMemory.allocate("sluice-client", 4096, PageChoice.PLAIN)) {
            assertThat(client.ask(new Request.DmaMap(Request.DmaMap.READABLE, 0, 0, 4096), memory.descriptor()))
                    .isNull();
            assertThat(served.device.hostMemory().writeable(0)).isFalse();
            assertThat(served.device.hostMemory().memory(0).isReadOnly()).isTrue();
        }
    }

    /** A memfd is sparse, so that this needs no memory. */
    @Test
    void moreThanAGigabyteIsOneRegionOfSeveralPieces() throws IOException {
        long bytes = (2L << 30) + 8192;
        try (RawClient client = client();
                Descriptor file = AnonymousFile.create("sluice-large", bytes)) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 1L << 32, bytes), file))
                    .isNull();
            assertThat(served.device.hostMemory().pieces()).isEqualTo(3);
            long last = (1L << 32) + bytes - 8;
            int piece = served.device.hostMemory().find(last);
            assertThat(served.device.hostMemory().available(piece, last)).isEqualTo(8);
            served.device
                    .hostMemory()
                    .memory(piece)
                    .putLong(served.device.hostMemory().position(piece, last), 99);
            try (MappedMemory end = MappedMemory.ofFile(file, bytes - 4096, 4096, false)) {
                assertThat(end.buffer().getLong(4088)).isEqualTo(99);
            }
            assertThat(client.ask(new DmaUnmap(0, 1L << 32, bytes))).isNull();
            assertThat(served.device.hostMemory().pieces()).isZero();
        }
    }

    @Test
    void memoryThatIsShrunkUnderTheDeviceEndsThatConnectionAlone() throws Exception {
        try (RawClient client = client();
                ShrinkableFile file = new ShrinkableFile(1 << 16)) {
            assertThat(client.ask(new Request.DmaMap(BOTH, 0, 0, 1 << 16), file.descriptor()))
                    .isNull();
            file.shrink(4096);
            client.ask(new Request.WriteRegion(CopyDevice.FROM, 0, new byte[] {0, 0x20, 0, 0, 0, 0, 0, 0}));
            client.ask(new Request.WriteRegion(CopyDevice.TO, 0, new byte[] {0, 0x40, 0, 0, 0, 0, 0, 0}));
            client.ask(new Request.WriteRegion(CopyDevice.BYTES, 0, new byte[] {0, 0x10, 0, 0}));
            client.send(
                    Command.REGION_WRITE,
                    new Request.WriteRegion(CopyDevice.COMMAND, 0, new byte[] {CopyDevice.COMMAND_COPY, 0, 0, 0})
                            .encode());
            assertThat(client.dismissed()).isTrue();
        }
        assertThat(served.departure()).contains("memory");
    }
}
