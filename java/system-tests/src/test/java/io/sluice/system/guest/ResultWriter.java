package io.sluice.system.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Writes each result when it is there, so that a guest that dies has told what it did before. */
final class ResultWriter implements TestExecutionListener {
    private final OutputStream lines;
    private final Map<String, Long> started = new ConcurrentHashMap<>();

    ResultWriter(OutputStream lines) {
        this.lines = lines;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        write(new GuestResult(group(test), test.getDisplayName(), GuestResult.ABORTED, 0, reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean passed = result.getStatus() == Status.SUCCESSFUL;
        if (passed && !test.isTest()) {
            return;
        }
        Long start = started.remove(test.getUniqueId());
        long millis = start == null ? 0 : (System.nanoTime() - start) / 1_000_000;
        boolean aborted = result.getStatus() == Status.ABORTED;
        write(new GuestResult(
                group(test),
                test.getDisplayName(),
                passed ? GuestResult.PASSED : aborted ? GuestResult.ABORTED : GuestResult.FAILED,
                millis,
                result.getThrowable()
                        .map(aborted ? Throwable::getMessage : ResultWriter::trace)
                        .orElse("")));
    }

    private static String group(TestIdentifier test) {
        String name = test.getSource()
                .map(source -> source instanceof MethodSource method
                        ? method.getClassName()
                        : source instanceof ClassSource type ? type.getClassName() : "")
                .orElse("");
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private synchronized void write(GuestResult result) {
        try {
            lines.write((result.line() + "\n").getBytes(StandardCharsets.UTF_8));
            lines.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException("the result line is gone", failure);
        }
    }
}
