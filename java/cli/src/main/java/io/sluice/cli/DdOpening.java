package io.sluice.cli;

import com.sun.nio.file.ExtendedOpenOption;
import io.sluice.block.BlockDevice;
import io.sluice.block.Geometry;
import io.sluice.cli.DdOperands.Amount;
import io.sluice.cli.DdOperands.Conversion;
import io.sluice.cli.DdOperands.Flag;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens both ends of a copy as the operands say, with dd's words where that fails. Closing closes what it opened. */
final class DdOpening implements Closeable {
    private final Environment environment;
    private final DdOperands operands;
    private final DdReport report;
    private final DdEngine engine;
    private final Deque<Closeable> opened = new ArrayDeque<>();

    DdOpening(Environment environment, DdOperands operands, DdReport report, DdEngine engine) {
        this.environment = environment;
        this.operands = operands;
        this.report = report;
        this.engine = engine;
    }

    DdSource source() throws IOException {
        String name = operands.input();
        if (name != null && isDevice(name)) {
            return deviceSource(name);
        }
        Set<OpenOption> options = new HashSet<>();
        options.add(StandardOpenOption.READ);
        addCommon(options, operands.inputFlags());
        boolean regular = name == null || Files.isRegularFile(Path.of(name));
        var channel = name == null ? Channels.newChannel(environment.in()) : open(name, options);
        ChannelSource source = keep(new ChannelSource(
                name == null ? "standard input" : name,
                channel,
                name == null ? isRegular(channel) : regular,
                operands.inputFlags().contains(Flag.FULLBLOCK),
                RecordMemory.allocate(operands.inputBytes())));
        if (!source.skip(operands.skip(), operands.inputBytes())) {
            warnOfSkip(source.name());
        }
        return source;
    }

    private DdSource deviceSource(String name) throws IOException {
        BlockDevice device = keep(environment.devices().open(deviceName(name)));
        Geometry geometry = device.geometry();
        checkBlocks("ibs", operands.inputBytes(), device);
        long size = geometry.blockCount() << geometry.blockShift();
        long start = operands.skip().bytes(operands.inputBytes());
        checkBlocks("skip", start, device);
        if (start > size) {
            warnOfSkip(name);
            start = size;
        }
        Amount count = operands.count();
        long wanted = count == null ? Long.MAX_VALUE : count.bytes(operands.inputBytes());
        long end = wanted > size - start ? size : start + wanted;
        return keep(
                new DeviceSource(ring(device, operands.inputBytes(), false), (int) operands.inputBytes(), start, end));
    }

    private RecordRing ring(BlockDevice device, long recordBytes, boolean writeable) throws IOException {
        return switch (engine) {
            case VFS -> new ChannelRing(device, recordBytes, writeable);
            case SESSION -> new SessionRing(device, recordBytes, writeable);
        };
    }

    private static boolean isDevice(String name) {
        return DeviceNameParser.looksLikeDevice(name) || UringDevices.isNode(name);
    }

    private void warnOfSkip(String name) {
        if (operands.status() != DdOperands.Status.NONE) {
            report.message(name + ": cannot skip to specified offset");
        }
    }

    DdSink sink() throws IOException {
        String name = operands.output();
        if (name == null) {
            return standardOutput();
        }
        return isDevice(name) ? deviceSink(name) : fileSink(name);
    }

    private DdSink standardOutput() throws IOException {
        WritableByteChannel channel = environment.out() instanceof FileOutputStream file
                ? file.getChannel()
                : Channels.newChannel(environment.out());
        long seek = operands.seek().bytes(operands.outputBytes());
        if (seek > 0) {
            if (!(channel instanceof FileChannel file)) {
                throw new DdException("standard output: cannot seek: Illegal seek");
            }
            position(file, "standard output", seek);
        }
        return new ChannelSink("standard output", channel, null, operands.regroup(), operands.outputBytes());
    }

    private DdSink deviceSink(String name) throws IOException {
        if (operands.conversions().contains(Conversion.EXCL)) {
            throw new DdException("failed to open '" + name + "': File exists");
        }
        BlockDevice device = keep(environment.devices().open(deviceName(name)));
        Geometry geometry = device.geometry();
        checkBlocks(operands.regroup() ? "obs" : "bs", operands.outputBytes(), device);
        long start = operands.seek().bytes(operands.outputBytes());
        checkBlocks("seek", start, device);
        if (start > geometry.blockCount() << geometry.blockShift()) {
            throw new DdException(name + ": cannot seek: its end is at block " + geometry.blockCount()
                    + ", seek= goes to block " + (start >> geometry.blockShift()));
        }
        long record = operands.outputBytes();
        return keep(new DeviceSink(ring(device, record, true), record, start));
    }

    private DdSink fileSink(String name) throws IOException {
        Set<OpenOption> options = new HashSet<>();
        options.add(StandardOpenOption.WRITE);
        if (operands.conversions().contains(Conversion.EXCL)) {
            options.add(StandardOpenOption.CREATE_NEW);
        } else if (!operands.conversions().contains(Conversion.NOCREAT)) {
            options.add(StandardOpenOption.CREATE);
        }
        if (operands.outputFlags().contains(Flag.APPEND)) {
            options.add(StandardOpenOption.APPEND);
            if (!operands.conversions().contains(Conversion.NOTRUNC)) {
                report.message("you probably want conv=notrunc with oflag=append");
            }
        }
        addCommon(options, operands.outputFlags());
        FileChannel channel = keep(open(name, options));
        long seek = operands.seek().bytes(operands.outputBytes());
        boolean regular = Files.isRegularFile(Path.of(name));
        if (regular && !operands.conversions().contains(Conversion.NOTRUNC)) {
            resize(name, channel, seek);
        }
        if (seek > 0) {
            position(channel, name, seek);
        }
        FileChannel tail = regular && operands.outputFlags().contains(Flag.DIRECT)
                ? keep(open(name, Set.of(StandardOpenOption.WRITE)))
                : null;
        return keep(new ChannelSink(name, channel, tail, operands.regroup(), operands.outputBytes()));
    }

    // FileChannel.truncate cannot make a file larger, which dd does: seek=100 count=0 makes a file of 100 blocks.
    private static void resize(String name, FileChannel channel, long bytes) throws IOException {
        if (channel.size() >= bytes) {
            channel.truncate(bytes);
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(name, "rw")) {
            file.setLength(bytes);
        } catch (IOException e) {
            throw new DdException(
                    "failed to truncate to " + bytes + " bytes in output file '" + name + "': " + reason(e), e);
        }
    }

    private static void position(FileChannel channel, String name, long bytes) throws DdException {
        try {
            channel.position(Math.addExact(channel.position(), bytes));
        } catch (IOException | ArithmeticException e) {
            throw new DdException(name + ": cannot seek: " + reason(e), e);
        }
    }

    private static void addCommon(Set<OpenOption> options, Set<Flag> flags) {
        if (flags.contains(Flag.DIRECT)) {
            options.add(ExtendedOpenOption.DIRECT);
        }
        if (flags.contains(Flag.SYNC)) {
            options.add(StandardOpenOption.SYNC);
        } else if (flags.contains(Flag.DSYNC)) {
            options.add(StandardOpenOption.DSYNC);
        }
    }

    private static FileChannel open(String name, Set<OpenOption> options) throws DdException {
        try {
            return FileChannel.open(Path.of(name), options);
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            throw new DdException("failed to open '" + name + "': " + reason(e), e);
        }
    }

    private static DeviceName deviceName(String name) throws DdException {
        try {
            return DeviceNameParser.parse(name);
        } catch (picocli.CommandLine.TypeConversionException e) {
            throw new DdException("failed to open " + e.getMessage(), e);
        }
    }

    private static void checkBlocks(String operand, long bytes, BlockDevice device) throws DdException {
        int block = device.geometry().blockBytes();
        if (bytes % block != 0) {
            throw new DdException(operand + " of " + bytes + " bytes: " + device.name() + " has blocks of " + block
                    + " bytes and is read and written in multiples of that, such as bs=" + Math.max(block, 4096));
        }
    }

    private static boolean isRegular(Object channel) {
        return channel instanceof FileChannel && Files.isRegularFile(Path.of("/proc/self/fd/0"), new LinkOption[0]);
    }

    /** What the system says of a failure, without the name of the file. */
    static String reason(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "File exists";
        }
        @Nullable
        String said = failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
        return said == null ? failure.toString() : said;
    }

    private <T extends Closeable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
