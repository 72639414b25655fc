package io.sluice.system.qtest;

import java.io.IOException;
import java.io.UncheckedIOException;

/** QEMU's qtest protocol (docs/devel/testing/qtest.rst): one line an access, one line back. Any thread. */
final class QtestPort {
    private final LineSocket socket;

    QtestPort(LineSocket socket) {
        this.socket = socket;
    }

    int readl(long address) {
        return (int) ask("readl 0x" + Long.toHexString(address));
    }

    long readq(long address) {
        return ask("readq 0x" + Long.toHexString(address));
    }

    void writel(long address, int value) {
        tell("writel 0x" + Long.toHexString(address) + " 0x" + Integer.toHexString(value));
    }

    void writeq(long address, long value) {
        tell("writeq 0x" + Long.toHexString(address) + " 0x" + Long.toHexString(value));
    }

    /** A doubleword of a function's configuration space, by the ports 0xcf8 and 0xcfc: two accesses that belong together. */
    synchronized int readConfig(int selector) {
        tell("outl 0xcf8 0x" + Integer.toHexString(selector));
        return (int) ask("inl 0xcfc");
    }

    synchronized void writeConfig(int selector, int value) {
        tell("outl 0xcf8 0x" + Integer.toHexString(selector));
        tell("outl 0xcfc 0x" + Integer.toHexString(value));
    }

    private void tell(String command) {
        String answer = exchange(command);
        if (!answer.equals("OK")) {
            throw new IllegalStateException(command + ": QEMU answered " + answer);
        }
    }

    private long ask(String command) {
        String answer = exchange(command);
        if (!answer.startsWith("OK 0x")) {
            throw new IllegalStateException(command + ": QEMU answered " + answer);
        }
        return Long.parseUnsignedLong(answer.substring(5), 16);
    }

    private synchronized String exchange(String command) {
        try {
            socket.send(command);
            return socket.receive();
        } catch (IOException failure) {
            throw new UncheckedIOException(command, failure);
        }
    }
}
