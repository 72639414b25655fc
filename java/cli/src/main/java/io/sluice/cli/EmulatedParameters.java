package io.sluice.cli;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.FileDevice;
import io.sluice.block.FileDeviceOptions;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.emulator.EmulatedController;
import io.sluice.emulator.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * What stands behind {@code emulated:}: the namespaces, with a {@code +} between two, and what the controller is like. A namespace is a path, or {@code size=};
 * what belongs to the controller may stand in any of them.
 */
final class EmulatedParameters {
    private static final long DEFAULT_BYTES = 1L << 30;
    private static final int DEFAULT_BLOCK = 512;
    private static final int PAGE = 4096;

    /** A namespace; without a path it is in memory. */
    private static final class Space {
        private @Nullable Path path;
        private long bytes;
        private int blockBytes = DEFAULT_BLOCK;
        private boolean readOnly;
        private boolean fill;
    }

    private final String text;
    private final EmulatedController.Builder builder = EmulatedController.builder();
    private final List<Space> spaces = new ArrayList<>();

    private EmulatedParameters(String text) {
        this.text = text;
    }

    /**
     * Reads the text; nothing is opened yet.
     *
     * @throws TypeConversionException when it makes no sense; the message says what would
     */
    static EmulatedParameters parse(String text) {
        EmulatedParameters parameters = new EmulatedParameters(text);
        for (String part : text.split("\\+", -1)) {
            Space space = new Space();
            for (String parameter : part.split(",", -1)) {
                if (!parameter.isEmpty()) {
                    parameters.read(space, parameter);
                } else if (!part.isEmpty()) {
                    throw parameters.wrong("a parameter is empty");
                }
            }
            parameters.check(space);
            parameters.spaces.add(space);
        }
        return parameters;
    }

    private void read(Space space, String parameter) {
        int equals = parameter.indexOf('=');
        String key = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        try {
            if (parameter.startsWith("/") || parameter.startsWith("./") || parameter.startsWith("../")) {
                if (space.path != null) {
                    throw wrong("a namespace has one file; put + between two namespaces");
                }
                space.path = Path.of(parameter);
            } else if (!readSpace(space, key, value) && !readController(key, value)) {
                throw wrong(
                        "'" + key + "' is no parameter; there are a path, size, block, fill, readonly, mdts, queues,"
                                + " entries, vectors, stride, cmb, hmb, shadow, sgl, cache, serial, model, fault, seed");
            }
        } catch (IllegalArgumentException mistake) {
            throw wrong(String.valueOf(mistake.getMessage()));
        }
    }

    private boolean readSpace(Space space, String key, String value) {
        switch (key) {
            case "size" -> space.bytes = number(key, value, 1L << 62);
            case "block" -> space.blockBytes = (int) number(key, value, 1 << 16);
            case "fill" -> space.fill = flag(key, value);
            case "readonly" -> space.readOnly = flag(key, value);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean readController(String key, String value) {
        EmulatedController.Builder ignored = switch (key) {
            case "mdts" -> builder.maxTransferShift((int) number(key, value, 255));
            case "queues" -> builder.ioQueuePairs((int) number(key, value, 65535));
            case "entries" -> builder.maxQueueEntries((int) number(key, value, 65536));
            case "vectors" -> builder.interruptVectors((int) number(key, value, 65535));
            case "stride" -> builder.doorbellStrideShift((int) number(key, value, 15));
            case "cmb" -> builder.memoryBufferBytes((int) number(key, value, 1 << 30));
            case "hmb" -> hostMemory(number(key, value, 1L << 40));
            case "shadow" -> builder.doorbellBuffers(flag(key, value));
            case "sgl" -> builder.scatterGatherLists(flag(key, value));
            case "cache" -> builder.volatileWriteCache(flag(key, value));
            case "fault" -> builder.fault(Fault.parse(value));
            case "seed" -> builder.seed(number(key, value, Long.MAX_VALUE));
            case "serial" -> builder.serial(value);
            case "model" -> builder.model(value);
            default -> null;
        };
        return ignored != null;
    }

    /** It would like that much, and can do with a quarter. */
    private EmulatedController.Builder hostMemory(long bytes) {
        return builder.hostMemory(bytes, bytes / 4 & -PAGE, 0, 0);
    }

    private long number(String key, String value, long most) {
        long number = SizeParser.parse(value).orElse(-1);
        if (number < 0 || number > most) {
            throw wrong(key + "=" + value + ": expected a number up to " + most + ", such as 4096, 4k or 1M");
        }
        return number;
    }

    private boolean flag(String key, String value) {
        return switch (value) {
            case "", "on", "yes" -> true;
            case "off", "no" -> false;
            default -> throw wrong(key + "=" + value + ": expected on or off");
        };
    }

    private void check(Space space) {
        if (Integer.bitCount(space.blockBytes) != 1 || space.blockBytes < 512) {
            throw wrong("block=" + space.blockBytes + ": expected a power of two from 512 to 64k");
        }
        if (space.bytes % space.blockBytes != 0) {
            throw wrong("size=" + space.bytes + ": expected a multiple of the block size, " + space.blockBytes);
        }
        if (space.path == null && space.readOnly) {
            throw wrong("readonly belongs to a file; memory holds nothing at the start");
        }
        if (space.path != null && space.fill) {
            throw wrong("fill belongs to memory; a file keeps what it holds");
        }
        if (space.path != null && space.readOnly && space.bytes > 0) {
            throw wrong("a file that is read-only cannot be given a size");
        }
        if (space.fill && space.bytes > 1L << 40) {
            throw wrong("fill: expected at most 1T of memory to fill");
        }
        if (space.path == null && space.bytes == 0) {
            space.bytes = DEFAULT_BYTES;
        }
    }

    private TypeConversionException wrong(String reason) {
        return new TypeConversionException("'emulated:" + text + "': " + reason);
    }

    /** Opens the files and builds the controller. */
    EmulatedController build(String name) throws IOException {
        return build(name, device -> device);
    }

    /**
     * The same.
     *
     * @param each makes of a device what the controller gets as a namespace
     */
    EmulatedController build(String name, UnaryOperator<BlockDevice> each) throws IOException {
        List<BlockDevice> opened = new ArrayList<>();
        boolean handedOver = false;
        try {
            for (Space space : spaces) {
                opened.add(open(space));
            }
            for (BlockDevice device : opened) {
                builder.namespace(each.apply(device));
            }
            handedOver = true;
            return builder.name(name).build();
        } finally {
            if (!handedOver) {
                for (BlockDevice device : opened) {
                    device.close();
                }
            }
        }
    }

    private static BlockDevice open(Space space) throws IOException {
        if (space.path != null) {
            return FileDevice.open(
                    space.path,
                    FileDeviceOptions.defaults()
                            .writeable(!space.readOnly)
                            .blockBytes(space.blockBytes)
                            .sizeBytes(space.bytes));
        }
        RamDevice device = new RamDevice("memory", space.blockBytes, space.bytes / space.blockBytes);
        if (space.fill) {
            fill(device);
        }
        return device;
    }

    /** Random bytes, as a drive that is in use holds: memory that was never written is not there at all, and reads faster than any. */
    private static void fill(RamDevice device) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        Written written = new Written();
        try (BlockSession session = device.open(SessionOptions.defaults().writeable(true))) {
            ByteBuffer bytes = session.buffer().bytes();
            for (int at = 0; at < bytes.capacity(); at += Long.BYTES) {
                bytes.putLong(at, random.nextLong());
            }
            long blocks = session.geometry().blockCount();
            long most = bytes.capacity() >> session.geometry().blockShift();
            for (long block = 0; block < blocks && written.failure == null; block += most) {
                boolean ignored = session.submit(
                        Operation.WRITE, block, Math.min(most, blocks - block), session.buffer(), 0, block);
                session.commit();
                int done = session.poll(written, 1);
                // Each 4 MiB is unlike the one before.
                bytes.putLong(0, bytes.getLong(0) + done);
            }
        }
        if (written.failure != null) {
            throw written.failure;
        }
    }

    private static final class Written implements Completion {
        private @Nullable BlockIoException failure;

        @Override
        public void completed(long tag) {}

        @Override
        public void failed(long tag, BlockIoException reason) {
            failure = reason;
        }
    }
}
