package io.sluice.uring;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** A block device of the kernel over a file. */
record LoopDevice(Path node) implements Closeable {
    /** Makes one; where that is not possible the test is aborted, and says why. */
    static LoopDevice over(Path file, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
        command.addAll(List.of(options));
        command.add(file.toString());
        String node;
        try {
            node = run(command);
        } catch (IOException failure) {
            throw new TestAbortedException("this machine gives no loop device: " + failure.getMessage(), failure);
        }
        return new LoopDevice(Path.of(node));
    }

    static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + ": " + said);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        return said;
    }

    @Override
    public void close() throws IOException {
        run(List.of("losetup", "--detach", node.toString()));
    }
}
