package io.sluice.bench;

import io.sluice.emulator.EmulatedController;
import io.sluice.pci.vfiouser.VfioUserServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The controller of {@link ReadLoop} for other processes: {@code DriveServer SOCKET}. Says when it serves, and ends with its standard input. */
final class DriveServer {
    static final String SERVES = "serves";

    private DriveServer() {}

    /** Runs; see the class. */
    public static void main(String[] arguments) throws IOException {
        try (EmulatedController controller = ReadLoop.controller();
                VfioUserServer server =
                        VfioUserServer.at(Path.of(arguments[0]), controller, new VfioUserServer.Watcher() {})) {
            Thread end = new Thread(() -> awaitEndOfInput(server), "end of input");
            end.setDaemon(true);
            end.start();
            System.out.println(SERVES);
            server.serve();
        }
    }

    private static void awaitEndOfInput(VfioUserServer server) {
        try {
            int ignored = System.in.read();
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
