package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** A file, block device or character device that the kernel opened, for {@link Ring rings} to read and write. Any thread may call. */
public final class OpenFile implements Closeable {
    /** How it is opened; for reading always. */
    public enum Mode {
        /** For writing too. */
        WRITE(FileShim.WRITE),
        /** Past the page cache ({@code O_DIRECT}). */
        DIRECT(FileShim.DIRECT),
        /** A block device for this process alone: EBUSY while a file system or another device has it ({@code O_EXCL}). */
        EXCLUSIVE(FileShim.EXCLUSIVE);

        private final int flag;

        Mode(int flag) {
            this.flag = flag;
        }
    }

    /** Reads a namespace's or controller's data structure. */
    private static final int IDENTIFY = 0x06;

    private static final int IDENTIFY_BYTES = 4096;
    private static final int ANSWER_MILLIS = 10_000;

    private final Descriptor descriptor;
    private final Set<Mode> modes;

    private OpenFile(Descriptor descriptor, Set<Mode> modes) {
        this.descriptor = descriptor;
        this.modes = modes;
    }

    /**
     * Opens what exists.
     *
     * @throws LinuxException EINVAL for {@link Mode#DIRECT} where the file system has none; EBUSY for {@link Mode#EXCLUSIVE}
     */
    public static OpenFile open(Path path, Mode... modes) throws IOException {
        NativeLibrary.ensureAvailable();
        return open(path.toString(), path.toString(), modes);
    }

    private static OpenFile open(String name, String path, Mode... modes) throws IOException {
        Set<Mode> set = EnumSet.noneOf(Mode.class);
        int flags = 0;
        for (Mode mode : modes) {
            set.add(mode);
            flags |= mode.flag;
        }
        int fd = (int) LinuxException.check("open", name, FileShim.open(path, flags));
        return new OpenFile(new Descriptor(name, fd), set);
    }

    /** Opens the same file once more, in other modes, whatever its path leads to by now. */
    public OpenFile reopen(Mode... others) throws IOException {
        int fd = descriptor.acquire();
        try {
            return open(descriptor.name(), "/proc/self/fd/" + fd, others);
        } finally {
            descriptor.release();
        }
    }

    /** Whether it was opened in a mode. */
    public boolean has(Mode mode) {
        return modes.contains(mode);
    }

    /** What it is now: a file may grow and shrink. */
    public FileFacts facts() throws IOException {
        long[] words = new long[FileShim.WORDS];
        descriptor.call("statx", fd -> FileShim.info(fd, words));
        return FileFacts.of(words);
    }

    /**
     * The identifier of the NVMe namespace that a node stands for (NVME_IOCTL_ID).
     *
     * @return 1 to 2^32 - 2
     * @throws LinuxException ENOTTY for what is no NVMe namespace
     */
    public long nvmeNamespace() throws IOException {
        return descriptor.call("NVME_IOCTL_ID", FileShim::nvmeNamespace);
    }

    /**
     * Asks an NVMe drive for an Identify data structure (NVMe base specification 1.4, section 5.15), through its node
     * (NVME_IOCTL_ADMIN_CMD).
     *
     * @param structure CNS: 0 the namespace, 1 the controller
     * @param namespace the namespace's identifier, 0 where none is meant
     * @return 4096 bytes
     * @throws IOException when the kernel (EACCES without CAP_SYS_ADMIN on old kernels) or the drive refuses
     */
    public byte[] nvmeIdentify(int structure, long namespace) throws IOException {
        byte[] answer = new byte[IDENTIFY_BYTES];
        long status = descriptor.call(
                "NVME_IOCTL_ADMIN_CMD",
                fd -> FileShim.nvmeRead(fd, IDENTIFY, (int) namespace, structure, answer, ANSWER_MILLIS));
        if (status != 0) {
            throw new IOException(
                    descriptor.name() + ": the drive answered Identify with status 0x" + Long.toHexString(status));
        }
        return answer;
    }

    /** The path it was opened by. */
    public String name() {
        return descriptor.name();
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** Closes it once no call uses it; operations in flight in a ring keep what they need. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return name();
    }
}
