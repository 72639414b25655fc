package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListeningSocketTest {
    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("socket");
    }

    @Test
    void clientsConnectAndAreKnownByTheirProcess() throws IOException {
        try (ListeningSocket listening = ListeningSocket.at(path());
                MessageSocket client = MessageSocket.connect(path());
                MessageSocket served = listening.accept()) {
            client.send(ByteBuffer.wrap(new byte[] {7}), List.of());
            ByteBuffer received = ByteBuffer.allocate(1);
            served.receive(received, 0);
            assertThat(received.get(0)).isEqualTo((byte) 7);
            assertThat(served.peer().process())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(client.peer().process())
                    .isEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    void theSocketIsForThisUserAloneAndGoesWithItsServer() throws IOException {
        try (ListeningSocket listening = ListeningSocket.at(path())) {
            assertThat(listening.path()).isEqualTo(path());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                    .isEqualTo("rw-------");
        }
        assertThat(path()).doesNotExist();
    }

    @Test
    void whatADeadServerLeftIsReplaced() throws IOException {
        Path second = directory.resolve("moved");
        try (ListeningSocket dead = ListeningSocket.at(path())) {
            // As after kill -9: the path stays when its server ends.
            Files.move(path(), second);
            assertThat(dead.path()).doesNotExist();
        }
        assertThat(second).exists();
        assertThatThrownBy(() -> MessageSocket.connect(second))
                .satisfies(refused ->
                        assertThat(((LinuxException) refused).errno()).isEqualTo(Errno.ECONNREFUSED));
        try (ListeningSocket listening = ListeningSocket.at(second);
                MessageSocket client = MessageSocket.connect(second);
                MessageSocket served = listening.accept()) {
            assertThat(served.peer()).isEqualTo(client.peer());
        }
    }

    @Test
    void aSocketOnWhichSomebodyListensIsLeftAlone() throws IOException {
        try (ListeningSocket listening = ListeningSocket.at(path())) {
            assertThatThrownBy(() -> ListeningSocket.at(path()))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            // The probe is a client that left.
            try (MessageSocket probe = listening.accept()) {
                assertThat(probe.receive(ByteBuffer.allocate(1), 0).bytes()).isEqualTo(-1);
            }
        }
    }

    @Test
    void aFileALinkAndADirectoryAreLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        Path folder = Files.createDirectory(directory.resolve("folder"));
        for (Path taken : List.of(file, link, folder)) {
            assertThatThrownBy(() -> ListeningSocket.at(taken))
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining(taken.toString())
                    .hasMessageContaining("no socket");
        }
        assertThat(file).hasContent("precious");
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aLinkToALiveSocketIsLeftAlone() throws IOException {
        try (ListeningSocket listening = ListeningSocket.at(path())) {
            Path link = Files.createSymbolicLink(directory.resolve("link"), listening.path());
            assertThatThrownBy(() -> ListeningSocket.at(link)).hasMessageContaining("no socket");
        }
    }

    @Test
    void aPathThatIsTooLongOrHasNoDirectoryIsRefused() throws IOException {
        Path longest = directory.resolve(
                "x".repeat(SocketPath.MOST_BYTES - directory.toString().length() - 1));
        ListeningSocket.at(longest).close();
        Path tooLong = directory.resolve(
                "x".repeat(SocketPath.MOST_BYTES - directory.toString().length()));
        assertThatThrownBy(() -> ListeningSocket.at(tooLong)).hasMessageContaining("107");
        assertThatThrownBy(() -> MessageSocket.connect(tooLong)).hasMessageContaining("107");
        assertThatThrownBy(() -> ListeningSocket.at(directory.resolve("none/socket")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void closingEndsTheWaitForAClient() throws Exception {
        ListeningSocket listening = ListeningSocket.at(path());
        CompletableFuture<MessageSocket> accepting = CompletableFuture.supplyAsync(() -> {
            try {
                return listening.accept();
            } catch (IOException ended) {
                throw new CompletionException(ended);
            }
        });
        while (!isWaiting()) {
            Thread.sleep(5);
        }
        listening.close();
        assertThatThrownBy(() -> accepting.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(listening::accept).isInstanceOf(ClosedChannelException.class);
        listening.close();
    }

    /** Whether a thread of this process waits in accept4, by what the kernel says that its threads do. */
    private static boolean isWaiting() throws IOException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getMethodName().equals("accept4")) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void aSocketThatSomebodyElsePutThereIsNotRemoved() throws IOException {
        ListeningSocket listening = ListeningSocket.at(path());
        Files.delete(path());
        Files.writeString(path(), "another's");
        listening.close();
        assertThat(path()).hasContent("another's");
    }

    @Test
    void whoeverConnectsToNothingIsToldWhat() {
        assertThatThrownBy(() -> MessageSocket.connect(path()))
                .isInstanceOf(LinuxException.class)
                .satisfies(failure ->
                        assertThat(((LinuxException) failure).errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContaining(path().toString());
    }

    @Test
    void moreClientsThanMayWaitAreRefusedAndNotHeld() throws IOException {
        List<MessageSocket> waiting = new java.util.ArrayList<>();
        try (ListeningSocket listening = ListeningSocket.at(path())) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            waiting.add(MessageSocket.connect(listening.path()));
                        }
                    })
                    .isInstanceOf(LinuxException.class)
                    .satisfies(failure ->
                            assertThat(((LinuxException) failure).errno()).isEqualTo(Errno.EAGAIN));
        } finally {
            waiting.forEach(MessageSocket::close);
        }
    }
}
