package io.sluice.system.qtest;

import io.sluice.system.engine.LabProcess;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A socket that speaks in lines. QEMU connects to it, so that nobody has to wait for a socket to appear. */
final class LineSocket implements Closeable {
    private static final Duration CONNECT = Duration.ofSeconds(60);

    private final ServerSocketChannel server;
    private final String what;
    private @Nullable SocketChannel channel;
    private @Nullable BufferedReader reader;

    private LineSocket(ServerSocketChannel server, String what) {
        this.server = server;
        this.what = what;
    }

    static LineSocket listen(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        server.configureBlocking(false);
        return new LineSocket(server, path.getFileName().toString());
    }

    /** Waits for QEMU, as long as it lives. */
    void accept(LabProcess qemu) throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (SocketChannel peer = server.accept(); ; peer = server.accept()) {
            if (peer != null) {
                channel = peer;
                reader = new BufferedReader(Channels.newReader(peer, StandardCharsets.US_ASCII));
                return;
            }
            if (!qemu.alive() || System.nanoTime() - start > CONNECT.toNanos()) {
                throw new IOException("QEMU did not connect to " + what + ": " + qemu.output());
            }
            Thread.sleep(2);
        }
    }

    void send(String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(line + "\n");
        while (bytes.hasRemaining()) {
            int ignored = connected().write(bytes);
        }
    }

    String receive() throws IOException {
        BufferedReader lines = reader;
        String line = lines == null ? null : lines.readLine();
        if (line == null) {
            throw new EOFException("QEMU ended the connection " + what);
        }
        return line;
    }

    private SocketChannel connected() throws IOException {
        SocketChannel peer = channel;
        if (peer == null) {
            throw new IOException("QEMU has not connected to " + what);
        }
        return peer;
    }

    @Override
    public void close() throws IOException {
        server.close();
        SocketChannel peer = channel;
        if (peer != null) {
            peer.close();
        }
    }
}
