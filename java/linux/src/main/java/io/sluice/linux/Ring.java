package io.sluice.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import jnr.constants.platform.Errno;

/**
 * A pair of rings shared with the kernel ({@code io_uring(7)}): entries are written and completions read in place; a system call is made
 * to tell the kernel of entries, unless it {@linkplain RingOptions#submissionPolling looks by itself}, and to wait.
 *
 * <p>It has one registered file and one registered buffer. One thread at a time; {@link #close} may come from any.
 *
 * <p>Memory order: the kernel reads an entry after it has seen the tail that covers it, so the tail is stored with release semantics
 * after the entry; a completion is read after the tail that covers it, which is loaded with acquire semantics; and the head that gives
 * completions back is stored with release semantics after they were read.
 */
public final class Ring implements Closeable {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    // IORING_SETUP_*
    private static final int DEVICE_POLLING = 1;
    private static final int SUBMISSION_POLLING = 1 << 1;
    /** An entry that is refused does not keep those behind it back (Linux 5.18). */
    private static final int SUBMIT_ALL = 1 << 7;
    /**
     * The thread that submits is not interrupted when an operation ends; the rest of the work is done when it enters the kernel, and
     * a flag in the ring says that there is some (COOP_TASKRUN, TASKRUN_FLAG; Linux 5.19).
     */
    private static final int COOPERATIVE = 1 << 8 | 1 << 9;

    private static final int LARGE_ENTRIES = 1 << 10 | 1 << 11;

    // IORING_ENTER_*
    private static final int GET_EVENTS = 1;
    private static final int WAKE_UP = 1 << 1;

    // IORING_SQ_*
    private static final int NEEDS_WAKE_UP = 1;
    private static final int OVERFLOWN = 1 << 1;
    private static final int WORK_WAITS = 1 << 2;

    /** IORING_CQ_EVENTFD_DISABLED. */
    private static final int NO_EVENTS = 1;

    private static final int CLOSED = -Errno.EBADF.intValue();

    // What every operation touches.
    private final ByteBuffer ring;
    private final LongBuffer entries;
    private final int submissionMask;
    private final int entryShift;
    private final int submissionHeadAt;
    private final int submissionTailAt;
    private final int flagsAt;
    private final int completionMask;
    private final int completionShift;
    private final int completionsAt;
    private final int completionHeadAt;
    private final int completionTailAt;
    private final boolean submissionPolling;
    private final boolean devicePolling;
    private int tail;
    private int takenHead;
    private int head;
    private int completionTail;

    // What only waiting, set-up and the end touch.
    private final int completionFlagsAt;
    private final Descriptor descriptor;
    private final MappedMemory ringMemory;
    private final MappedMemory entriesMemory;
    private final long[] operations = new long[RingShim.PROBE_WORDS];
    private boolean fileRegistered;
    private boolean bufferRegistered;

    private Ring(Descriptor descriptor, long[] words, MappedMemory ringMemory, MappedMemory entriesMemory)
            throws IOException {
        int flags = (int) words[1];
        this.descriptor = descriptor;
        this.ringMemory = ringMemory;
        this.entriesMemory = entriesMemory;
        this.ring = ringMemory.buffer();
        this.entries = entriesMemory.buffer().asLongBuffer();
        this.submissionMask = (int) words[2] - 1;
        this.entryShift = (flags & LARGE_ENTRIES) != 0 ? 4 : 3;
        this.completionMask = (int) words[3] - 1;
        this.completionShift = (flags & LARGE_ENTRIES) != 0 ? 5 : 4;
        this.submissionHeadAt = (int) words[6];
        this.submissionTailAt = (int) words[7];
        this.flagsAt = (int) words[8];
        this.completionHeadAt = (int) words[10];
        this.completionTailAt = (int) words[11];
        this.completionsAt = (int) words[12];
        this.completionFlagsAt = (int) words[13];
        this.submissionPolling = (flags & SUBMISSION_POLLING) != 0;
        this.devicePolling = (flags & DEVICE_POLLING) != 0;
        // The kernel takes entries by index, so that they could be taken in another order than they lie; here they lie
        // in order.
        for (int i = 0; i <= submissionMask; i++) {
            ring.putInt((int) words[9] + 4 * i, i);
        }
        descriptor.call("io_uring_register(PROBE)", fd -> RingShim.probe(fd, operations));
    }

    /**
     * Makes a ring; what an older kernel lacks and only makes things quicker is left out.
     *
     * @throws RingUnavailableException when the kernel has no io_uring, forbids it or lacks what the options ask for
     */
    public static Ring open(RingOptions options) throws IOException {
        NativeLibrary.ensureAvailable();
        int wanted = (options.devicePolling() ? DEVICE_POLLING : 0)
                | (options.submissionPolling() ? SUBMISSION_POLLING : 0)
                | (options.largeEntries() ? LARGE_ENTRIES : 0);
        // With a polling thread there is nobody to be interrupted.
        int quicker = options.submissionPolling() ? SUBMIT_ALL : SUBMIT_ALL | COOPERATIVE;
        long[] words = new long[RingShim.WORDS];
        int fd = -Errno.EINVAL.intValue();
        for (int flags : new int[] {wanted | quicker, wanted | SUBMIT_ALL, wanted}) {
            fd = RingShim.setup(options.entries(), flags, 0, options.idleMillis(), words);
            if (fd != -Errno.EINVAL.intValue()) {
                break;
            }
        }
        if (fd < 0) {
            throw new RingUnavailableException(
                    RingAdvice.of(-fd, options, Path.of("/")),
                    new LinuxException("io_uring_setup", "a ring of " + options.entries() + " entries", -fd));
        }
        return map(new Descriptor("io_uring", fd), words);
    }

    private static Ring map(Descriptor descriptor, long[] words) throws IOException {
        try {
            MappedMemory ring = MappedMemory.map(descriptor, RingShim.RING_OFFSET, words[4]);
            try {
                MappedMemory entries = MappedMemory.map(descriptor, RingShim.ENTRIES_OFFSET, words[5]);
                try {
                    return new Ring(descriptor, words, ring, entries);
                } catch (IOException failure) {
                    entries.close();
                    throw failure;
                }
            } catch (IOException failure) {
                ring.close();
                throw failure;
            }
        } catch (IOException failure) {
            descriptor.close();
            throw failure;
        }
    }

    /** Whether the kernel has an operation; what a certain file makes of it is another question. */
    public boolean supports(RingOperation operation) {
        return (operations[operation.code() >> 6] >>> operation.code() & 1) != 0;
    }

    /** The entries as 64-bit words; {@link RingEntry} says which is which. */
    public LongBuffer entries() {
        return entries;
    }

    /** Where in {@link #entries()} the next entry begins; negative while the queue is full. */
    public int entry() {
        if (tail - takenHead > submissionMask) {
            takenHead = (int) INT.getAcquire(ring, submissionHeadAt);
            if (tail - takenHead > submissionMask) {
                return -1;
            }
        }
        return (tail & submissionMask) << entryShift;
    }

    /** The entry at {@link #entry()} is written. The kernel learns of it with {@link #submit} or {@link #await}. */
    public void push() {
        tail++;
    }

    /** Whether entries were pushed that the kernel has not been told of or did not take. */
    public boolean hasPending() {
        return submissionPolling
                ? (int) INT.getOpaque(ring, submissionTailAt) != tail
                : (int) INT.getOpaque(ring, submissionHeadAt) != tail;
    }

    /**
     * Tells the kernel of the entries pushed. No system call where it looks by itself and is awake.
     *
     * @return how many entries it took, 0 where it looks by itself, or {@code -errno}: EAGAIN and EBUSY mean to take completions and
     *     to try again
     */
    public int submit() {
        INT.setRelease(ring, submissionTailAt, tail);
        if (submissionPolling) {
            return wakeUp();
        }
        int count = tail - (int) INT.getOpaque(ring, submissionHeadAt);
        return count == 0 ? 0 : enter(count, 0, 0, -1);
    }

    private int wakeUp() {
        // The kernel's thread raises the flag, then looks at the tail once more and sleeps. So the flag is read after
        // the tail
        // was stored, and a release store alone would let a later load pass it: hence the fence.
        VarHandle.fullFence();
        if (((int) INT.getOpaque(ring, flagsAt) & NEEDS_WAKE_UP) == 0) {
            return 0;
        }
        return enter(0, 0, WAKE_UP, -1);
    }

    /**
     * Tells the kernel of the entries pushed and waits for completions.
     *
     * @param completions that must be there, 0 only lets the kernel do what it put off
     * @param timeoutNanos nanoseconds, negative waits without limit
     * @return 0 or more, or {@code -errno}: ETIME when the time is over, EINTR when a signal came, EAGAIN and EBUSY as with {@link
     *     #submit}
     */
    public int await(int completions, long timeoutNanos) {
        INT.setRelease(ring, submissionTailAt, tail);
        if (submissionPolling) {
            int woken = wakeUp();
            return woken < 0 ? woken : enter(0, completions, GET_EVENTS, timeoutNanos);
        }
        return enter(tail - (int) INT.getOpaque(ring, submissionHeadAt), completions, GET_EVENTS, timeoutNanos);
    }

    private int enter(int submit, int complete, int flags, long timeoutNanos) {
        int fd;
        try {
            fd = descriptor.acquire();
        } catch (ClosedChannelException closed) {
            return CLOSED;
        }
        try {
            return RingShim.enter(fd, submit, complete, flags, timeoutNanos);
        } finally {
            descriptor.release();
        }
    }

    /**
     * Whether completions can only appear once the kernel is entered ({@link #await}): it has put work off, it ran out of room, or the
     * device is polled and there is something to be polled for.
     */
    public boolean needsKernel() {
        return (devicePolling && inFlight() > 0)
                || ((int) INT.getOpaque(ring, flagsAt) & (OVERFLOWN | WORK_WAITS)) != 0;
    }

    /** How many entries were pushed whose completions were not gone through yet. */
    public int inFlight() {
        return tail - head;
    }

    /** Whether there is a completion. */
    public boolean ready() {
        // A difference, since the mapping of a ring that was closed reads as zero.
        if (completionTail - head > 0) {
            return true;
        }
        completionTail = (int) INT.getAcquire(ring, completionTailAt);
        return completionTail - head > 0;
    }

    /** What the entry of the present completion had as {@link RingEntry#USER_DATA}. */
    public long userData() {
        return ring.getLong(completionsAt + ((head & completionMask) << completionShift));
    }

    /** Its result: as the operation's system call, {@code -errno} for a failure; for a command what its driver says. */
    public int result() {
        return ring.getInt(completionsAt + ((head & completionMask) << completionShift) + 8);
    }

    /** Goes on to the next completion. */
    public void next() {
        head++;
    }

    /** Gives the completions that were gone through back to the kernel. */
    public void release() {
        INT.setRelease(ring, completionHeadAt, head);
    }

    /** Whether completions are looked for at the device. */
    public boolean devicePolling() {
        return devicePolling;
    }

    /** Makes this the file of the operations, index 0. */
    public void registerFile(OpenFile file) throws IOException {
        int number = file.descriptor().acquire();
        try {
            descriptor.call("io_uring_register(FILES)", fd -> RingShim.registerFile(fd, number));
            fileRegistered = true;
        } finally {
            file.descriptor().release();
        }
    }

    /**
     * Pins memory and makes it the registered buffer, index 0.
     *
     * @throws LinuxException ENOMEM above the limit of locked memory
     */
    public void registerBuffer(MappedMemory memory) throws IOException {
        descriptor.call(
                "io_uring_register(BUFFERS)", fd -> RingShim.registerBuffer(fd, memory.address(), memory.size()));
        bufferRegistered = true;
    }

    /** Has each completion make an event; for a thread that waits for several rings. */
    public void registerEvent(EventDescriptor event) throws IOException {
        int number = event.descriptor().acquire();
        try {
            descriptor.call("io_uring_register(EVENTFD)", fd -> RingShim.registerEvent(fd, number));
        } finally {
            event.descriptor().release();
        }
    }

    /**
     * Whether completions make events from now on; they do after {@link #registerEvent}. An event costs the kernel more than the completion, so that
     * who is not about to sleep does without. When this returns, a completion that made no event is there for {@link #ready}, once the kernel was
     * entered where {@link #needsKernel} says so.
     */
    public void makeEvents(boolean value) {
        INT.setRelease(ring, completionFlagsAt, value ? 0 : NO_EVENTS);
        // The kernel stores the completion, then reads the flag; here the flag is stored, then completions are read.
        // Neither
        // misses the other only if no store is passed by the load behind it.
        VarHandle.fullFence();
    }

    /** Ends that. */
    public void unregisterEvent() throws IOException {
        descriptor.call("io_uring_register(unregister EVENTFD)", RingShim::unregisterEvent);
    }

    /**
     * Ends the ring. Operations that are in flight may go on, and the memory that they name must stay. Idempotent.
     *
     * <p>The kernel takes a closed ring apart some time later; file and buffer are unregistered first, so that the pinned pages
     * are given back by the time this returns.
     */
    @Override
    public synchronized void close() throws IOException {
        if (descriptor.isClosed()) {
            return;
        }
        try (descriptor;
                ringMemory;
                entriesMemory) {
            if (bufferRegistered) {
                descriptor.call("io_uring_register(unregister BUFFERS)", RingShim::unregisterBuffer);
            }
            if (fileRegistered) {
                descriptor.call("io_uring_register(unregister FILES)", RingShim::unregisterFile);
            }
        }
    }
}
