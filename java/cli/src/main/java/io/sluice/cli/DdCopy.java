package io.sluice.cli;

import io.sluice.cli.DdOperands.Amount;
import io.sluice.cli.DdOperands.Conversion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The copy itself: records from a source to a sink, with dd's accounting. */
final class DdCopy {
    private static final long LONGEST_RECORD_SECONDS = 1;

    private final DdOperands operands;
    private final DdSource source;
    private final DdSink sink;
    private final DdReport report;
    private final DdTally in;
    private final @Nullable ByteBuffer gathered;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean interrupted;

    DdCopy(DdOperands operands, DdSource source, DdSink sink, DdReport report) throws DdException {
        this.operands = operands;
        this.source = source;
        this.sink = sink;
        this.report = report;
        in = new DdTally(operands.inputBytes());
        gathered = operands.regroup()
                ? RecordMemory.allocate(operands.outputBytes()).limit((int) operands.outputBytes())
                : null;
    }

    /** Copies everything and prints the closing lines; false when something failed, which is said by then. */
    boolean run() {
        Thread atInterrupt = new Thread(this::interrupt, "dd");
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        try {
            return copyAll();
        } finally {
            ended.countDown();
            forget(atInterrupt);
        }
    }

    private static void forget(Thread atInterrupt) {
        try {
            boolean ignored = Runtime.getRuntime().removeShutdownHook(atInterrupt);
        } catch (IllegalStateException alreadyInterrupted) {
            // Then the process ends.
        }
    }

    /** What SIGINT begins: as with dd, the copy ends after this record, and says how far it came. The JVM is gone when this returns. */
    private void interrupt() {
        interrupted = true;
        try {
            if (!ended.await(LONGEST_RECORD_SECONDS, TimeUnit.SECONDS)) {
                // It waits for a pipe or a terminal, and would for ever.
                report.statistics(in, sink.tally());
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean copyAll() {
        boolean done = false;
        report.begin();
        try {
            expect();
            copy();
            finish();
            done = true;
        } catch (DdException e) {
            report.message(e.getMessage());
        }
        report.statistics(in, sink.tally());
        return done;
    }

    private void expect() throws DdException {
        try {
            OptionalLong there = source.remaining();
            if (there.isEmpty()) {
                return;
            }
            Amount count = operands.count();
            long bytes =
                    count == null ? there.getAsLong() : Math.min(there.getAsLong(), count.bytes(operands.inputBytes()));
            long partial = bytes % operands.inputBytes();
            if (partial != 0 && operands.conversions().contains(Conversion.SYNC)) {
                bytes += operands.inputBytes() - partial;
            }
            sink.expect(bytes);
        } catch (DdException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void copy() throws DdException {
        boolean pads = operands.conversions().contains(Conversion.SYNC);
        while (true) {
            report.progress(sink.tally());
            int wanted = wanted();
            if (wanted == 0 || interrupted) {
                return;
            }
            ByteBuffer record;
            try {
                record = source.read(wanted);
            } catch (IOException e) {
                goOnBehind(e);
                if (!pads) {
                    continue;
                }
                record = ByteBuffer.allocate(0);
            }
            if (record == null) {
                return;
            }
            in.count(record.remaining());
            put(pads && record.remaining() < operands.inputBytes() ? padded(record) : record);
        }
    }

    private int wanted() {
        Amount count = operands.count();
        if (count == null) {
            return (int) operands.inputBytes();
        }
        if (!count.isBytes()) {
            return in.records() < count.number() ? (int) operands.inputBytes() : 0;
        }
        return (int) Math.min(operands.inputBytes(), count.number() - in.bytes());
    }

    // conv=noerror: say it, show how far it came, go on. What cannot be stepped over ends the copy all the same.
    private void goOnBehind(IOException failure) throws DdException {
        DdException unreadable = unreadable(failure);
        try {
            if (!operands.conversions().contains(Conversion.NOERROR)
                    || source.remaining().isEmpty()) {
                throw unreadable;
            }
        } catch (DdException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable;
        }
        report.message(unreadable.getMessage());
        report.statistics(in, sink.tally());
    }

    private ByteBuffer padded(ByteBuffer record) throws DdException {
        ByteBuffer full = RecordMemory.allocate(operands.inputBytes()).limit((int) operands.inputBytes());
        full.put(record);
        return full.rewind();
    }

    private void put(ByteBuffer record) throws DdException {
        if (gathered == null) {
            write(record);
            return;
        }
        while (record.hasRemaining()) {
            int size = Math.min(record.remaining(), gathered.remaining());
            int end = record.limit();
            gathered.put(record.limit(record.position() + size));
            record.limit(end);
            if (!gathered.hasRemaining()) {
                write(gathered.flip());
                gathered.clear().limit((int) operands.outputBytes());
            }
        }
    }

    private void finish() throws DdException {
        if (gathered != null && gathered.position() > 0) {
            write(gathered.flip());
        }
        try {
            sink.flush();
        } catch (IOException e) {
            throw unwritable(e);
        }
        if (interrupted) {
            return;
        }
        boolean all = operands.conversions().contains(Conversion.FSYNC);
        if (all || operands.conversions().contains(Conversion.FDATASYNC)) {
            try {
                sink.sync(all);
            } catch (IOException e) {
                throw new DdException(
                        (all ? "fsync" : "fdatasync") + " failed for '" + sink.name() + "': " + DdOpening.reason(e), e);
            }
        }
    }

    private void write(ByteBuffer record) throws DdException {
        try {
            sink.write(record);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private DdException unreadable(IOException e) {
        return e instanceof DdException said
                ? said
                : new DdException("error reading '" + source.name() + "': " + DdOpening.reason(e), e);
    }

    private DdException unwritable(IOException e) {
        return e instanceof DdException said
                ? said
                : new DdException(
                        (operands.regroup() ? "writing to '" : "error writing '") + sink.name() + "': "
                                + DdOpening.reason(e),
                        e);
    }
}
