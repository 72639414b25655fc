package io.sluice.system.qtest;

import io.sluice.pci.PciFunction;
import io.sluice.system.engine.LabDirectory;
import io.sluice.system.engine.LabEngines;
import io.sluice.system.engine.LabProcess;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A machine without a guest: QEMU with an NVMe controller as device 4 of bus 0, and a processor that sleeps. The controller is
 * given to one test at a time.
 */
final class QtestMachine implements Closeable {
    static final int CONTROLLER = 4;
    /** In the hole for devices below 4 GiB. */
    private static final long BAR_ADDRESS = 0xe000_0000L;
    /** What a processor starts with, 16 bytes below the end of the firmware: cli, hlt, and back to hlt. */
    private static final byte[] SLEEP = {(byte) 0xfa, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd};

    private static final int FIRMWARE_BYTES = 64 << 10;

    private final LabDirectory directory;
    private final LabProcess process;
    private final LineSocket qtestSocket;
    private final LineSocket qmpSocket;
    private final QtestPort port;
    private final QmpPort qmp;
    private final LabMemory memory;
    private final Semaphore controller = new Semaphore(1);

    private QtestMachine(
            LabDirectory directory, LabProcess process, LineSocket qtestSocket, LineSocket qmpSocket, LabMemory memory)
            throws IOException {
        this.directory = directory;
        this.process = process;
        this.qtestSocket = qtestSocket;
        this.qmpSocket = qmpSocket;
        this.port = new QtestPort(qtestSocket);
        this.qmp = new QmpPort(qmpSocket);
        this.memory = memory;
    }

    /** Which devices a machine has. */
    interface Devices {
        /** QEMU's arguments; the controller must have {@code addr=04.0}. Images go into the directory. */
        List<String> arguments(LabDirectory directory) throws IOException;
    }

    static QtestMachine start(Devices devices) throws IOException {
        LabDirectory directory = LabDirectory.create();
        List<Closeable> opened = new ArrayList<>(List.of(directory));
        try {
            Path at = directory.path();
            LabMemory memory = new LabMemory(at.resolve("ram"));
            byte[] firmware = new byte[FIRMWARE_BYTES];
            System.arraycopy(SLEEP, 0, firmware, FIRMWARE_BYTES - 16, SLEEP.length);
            Files.write(at.resolve("firmware"), firmware);
            LineSocket qtest = LineSocket.listen(at.resolve("qtest"));
            opened.add(qtest);
            LineSocket qmp = LineSocket.listen(at.resolve("qmp"));
            opened.add(qmp);
            List<String> command = new ArrayList<>(List.of(
                    "qemu-system-x86_64",
                    "-nodefaults",
                    "-no-user-config",
                    "-display",
                    "none",
                    "-accel",
                    "tcg",
                    "-M",
                    "q35,memory-backend=ram",
                    "-m",
                    (LabMemory.BYTES >> 20) + "M",
                    "-object",
                    "memory-backend-file,id=ram,share=on,size=" + (LabMemory.BYTES >> 20) + "M,mem-path="
                            + at.resolve("ram"),
                    "-bios",
                    at.resolve("firmware").toString(),
                    "-qtest",
                    "unix:" + at.resolve("qtest"),
                    "-qtest-log",
                    "none",
                    "-qmp",
                    "unix:" + at.resolve("qmp")));
            command.addAll(devices.arguments(directory));
            LabProcess process = LabEngines.chosen().start(at, List.of(), command);
            opened.add(process);
            qtest.accept(process);
            qmp.accept(process);
            return new QtestMachine(directory, process, qtest, qmp, memory);
        } catch (IOException | RuntimeException | Error failure) {
            closeAll(opened, failure);
            throw failure;
        } catch (InterruptedException interrupted) {
            closeAll(opened, interrupted);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while QEMU started");
        }
    }

    private static void closeAll(List<Closeable> opened, Throwable failure) {
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
        }
    }

    /** The controller's function. Waits until nobody else has it. */
    PciFunction open() {
        controller.acquireUninterruptibly();
        boolean opened = false;
        try {
            PciFunction function = new QtestFunction(port, memory, CONTROLLER, BAR_ADDRESS, controller::release);
            opened = true;
            return function;
        } finally {
            if (!opened) {
                controller.release();
            }
        }
    }

    QmpPort qmp() {
        return qmp;
    }

    Path directory() {
        return directory.path();
    }

    @Override
    public void close() throws IOException {
        qtestSocket.close();
        qmpSocket.close();
        process.close();
        directory.close();
    }
}
