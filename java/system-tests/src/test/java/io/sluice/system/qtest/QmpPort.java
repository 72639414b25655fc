package io.sluice.system.qtest;

import java.io.IOException;

/** QEMU's machine protocol: a JSON object a line, events in between. Any thread. */
public final class QmpPort {
    private final LineSocket socket;

    QmpPort(LineSocket socket) throws IOException {
        this.socket = socket;
        socket.receive();
        execute("{\"execute\":\"qmp_capabilities\"}");
    }

    /** Executes a command; its answer, a line of JSON. */
    public synchronized String execute(String command) throws IOException {
        socket.send(command);
        while (true) {
            String line = socket.receive();
            if (line.startsWith("{\"return\"")) {
                return line;
            }
            if (line.startsWith("{\"error\"")) {
                throw new IOException(command + ": QEMU answered " + line);
            }
        }
    }
}
