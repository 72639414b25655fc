package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pci.vfiouser.Request.SetInterrupts;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Action;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Data;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A device that is served, and how a client that means no good talks to it. */
abstract class ServerTest {
    static final int BOTH = Request.DmaMap.READABLE | Request.DmaMap.WRITEABLE;
    static final int CONFIG = 7;

    ServedDevice served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedDevice();
    }

    /** Whatever a test did, the next client is served. */
    @AfterEach
    void serveTheNextClientAndEnd() throws IOException {
        try (ServedDevice last = served;
                VfioUserFunction function = served.open()) {
            assertThat(function.bar(0).read32(0)).isEqualTo(CopyDevice.IDENTITY);
            assertThat(last.device.hostMemory().pieces()).isZero();
        }
    }

    RawClient client() throws IOException {
        return RawClient.greeted(served.path);
    }

    static void raise(RawClient client, int vector) throws IOException {
        client.ask(new Request.WriteRegion(CopyDevice.BYTES, 0, new byte[] {(byte) vector, 0, 0, 0}));
        client.ask(new Request.WriteRegion(CopyDevice.COMMAND, 0, new byte[] {CopyDevice.COMMAND_INTERRUPT, 0, 0, 0}));
    }

    static byte[] read(RawClient client, int region, long offset, int bytes) throws IOException {
        client.send(Command.REGION_READ, new Request.ReadRegion(offset, region, bytes).encode());
        try (MessageChannel.Frame frame = client.receive()) {
            assertThat(frame.header().errno()).isZero();
            return ((Reply.RegionData) Reply.decode(Command.REGION_READ, frame.body())).bytes();
        } catch (RefusedException senseless) {
            throw new AssertionError(senseless);
        }
    }

    static void write(RawClient client, int region, long offset, byte[] bytes) throws IOException {
        assertThat(client.ask(new Request.WriteRegion(offset, region, bytes))).isNull();
    }

    static SetInterrupts set(Data data, Action action, int index, int start, int count) {
        return new SetInterrupts(data, action, index, start, count, new byte[0]);
    }

    static ByteBuffer header(int command, int size, int flags) {
        return Body.allocate(16)
                .putShort((short) 7)
                .putShort((short) command)
                .putInt(size)
                .putInt(flags)
                .putInt(0)
                .flip();
    }

    static long descriptorsOf(String name) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().contains(name);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
