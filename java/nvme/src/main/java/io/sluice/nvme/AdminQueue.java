package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.pci.DmaMemory;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The admin queue pair (section 4.1): carries one command at a time for whoever asks, and the Asynchronous Event Requests, which
 * complete when the controller has something to say. Polled. Any thread.
 */
final class AdminQueue {
    /** Entries of either queue: far from the limit of 4096 (AQA), and enough for the event requests beside a command. */
    static final int ENTRIES = 32;

    static final int DATA_BYTES = 4096;
    private static final long SPIN_NANOS = 100_000;
    private static final long PARK_NANOS = 50_000;
    private static final long STATUS_NANOS = 10_000_000;

    private final String controller;
    private final PageAllocator memory;
    private final RegisterSpace registers;
    private final QueuePair pair;
    private final long deadlineNanos;
    private final boolean[] eventSlots = new boolean[ENTRIES];
    private final Queue<Integer> events = new ArrayDeque<>();
    /** Where commands transfer to and from; another one takes its place when a command that may still write to it is given up. */
    private DmaMemory data;

    AdminQueue(
            String controller,
            PageAllocator memory,
            RegisterSpace registers,
            int doorbellStrideBytes,
            int pageShift,
            long deadlineNanos)
            throws IOException {
        this.controller = controller;
        this.memory = memory;
        this.registers = registers;
        this.deadlineNanos = deadlineNanos;
        // Each queue starts on a page of the controller's page size.
        DmaMemory queues = memory.allocate(2L << pageShift);
        this.data = memory.allocate(DATA_BYTES);
        this.pair = new QueuePair(
                0,
                slice(queues.buffer(), 0, ENTRIES << QueuePair.SUBMISSION_SHIFT),
                slice(queues.buffer(), 1 << pageShift, ENTRIES << QueuePair.COMPLETION_SHIFT),
                ENTRIES - 1,
                new Doorbell(registers, Registers.submissionDoorbell(0, doorbellStrideBytes), null, null),
                new Doorbell(registers, Registers.completionDoorbell(0, doorbellStrideBytes), null, null));
        registers.write32(Registers.AQA, ((ENTRIES - 1) << 16) | (ENTRIES - 1));
        registers.write64(Registers.ASQ, queues.deviceAddress());
        registers.write64(Registers.ACQ, queues.deviceAddress() + (1L << pageShift));
    }

    static ByteBuffer slice(ByteBuffer memory, int offset, int bytes) {
        return memory.slice(offset, bytes).order(memory.order());
    }

    /** Executes a command that transfers nothing; returns doubleword 0 of its completion. */
    synchronized int execute(AdminCommand command) throws BlockIoException {
        return run(command, 0, 0);
    }

    /** Executes a command that gives the controller memory of its own: that of a queue, or what lists it. */
    synchronized int execute(AdminCommand command, long address) throws BlockIoException {
        return run(command, address, 0);
    }

    /** Executes a command that gives the controller two pieces of memory. */
    synchronized int execute(AdminCommand command, long address, long second) throws BlockIoException {
        return run(command, address, second);
    }

    /** Executes a command that returns data; what the controller does not write is zero. */
    byte[] read(AdminCommand command, int bytes) throws IOException {
        byte[] result = new byte[bytes];
        int ignored = transfer(command, result);
        return result;
    }

    /**
     * Executes a command that transfers data, one way or the other; returns doubleword 0 of its completion.
     *
     * @param bytes what the controller reads, and what it wrote afterwards, at most {@link #DATA_BYTES}
     */
    synchronized int transfer(AdminCommand command, byte[] bytes) throws IOException {
        data.buffer().put(0, bytes);
        int result;
        try {
            result = run(command, data.deviceAddress(), 0);
        } catch (DeadlineException overdue) {
            // The controller may write to the old memory at any time until it is closed.
            try {
                data = memory.allocate(DATA_BYTES);
            } catch (IOException noMemory) {
                overdue.addSuppressed(noMemory);
            }
            throw overdue;
        }
        data.buffer().get(0, bytes);
        return result;
    }

    /** Asks the controller to report its next event. */
    synchronized void requestEvent() {
        int slot = pair.acquire();
        if (slot >= 0) {
            eventSlots[slot] = true;
            push(slot, AdminCommand.asyncEventRequest(), 0, 0);
            pair.ring();
        }
    }

    /** Doubleword 0 of the next event that the controller reported; null when there is none. */
    synchronized @Nullable Integer nextEvent() {
        reapUntil(QueuePair.EMPTY);
        return events.poll();
    }

    long strays() {
        return pair.strays();
    }

    private int run(AdminCommand command, long address, long second) throws BlockIoException {
        // Late answers to commands that were given up free their slots.
        reapUntil(QueuePair.EMPTY);
        int slot = pair.acquire();
        if (slot < 0) {
            throw new BlockIoException(
                    controller,
                    command.name() + ": every slot of the admin queue is taken by a command without an answer");
        }
        push(slot, command, address, second);
        pair.ring();
        awaitCompletion(slot, command);
        int status = pair.status();
        int result = pair.result();
        pair.releaseCompletions();
        if (status != 0) {
            throw new CommandFailedException(controller, command.name(), Status.of(status));
        }
        return result;
    }

    private void push(int slot, AdminCommand command, long address, long second) {
        LongBuffer entry = pair.submissions();
        int at = pair.entry();
        entry.put(at, command.opcode() | ((long) pair.commandId(slot) << 16) | ((long) command.namespaceId() << 32));
        entry.put(at + 3, address);
        entry.put(at + 4, second);
        entry.put(at + 5, (command.dword10() & 0xffff_ffffL) | ((long) command.dword11() << 32));
        entry.put(at + 6, command.dword12and13());
        entry.put(at + 7, command.dwords14and15());
        pair.push();
    }

    private void awaitCompletion(int slot, AdminCommand command) throws BlockIoException {
        long start = System.nanoTime();
        long nextStatus = start + STATUS_NANOS;
        while (!reapUntil(slot)) {
            long now = System.nanoTime();
            if (now - start < SPIN_NANOS) {
                Thread.onSpinWait();
                continue;
            }
            if (now - nextStatus > 0) {
                nextStatus = now + STATUS_NANOS;
                if (answered(slot, command)) {
                    return;
                }
            }
            if (now - start > deadlineNanos) {
                // The clock may have run while this thread did not: look once more.
                if (reapUntil(slot)) {
                    return;
                }
                pair.abandon(slot);
                throw new DeadlineException(
                        controller,
                        command.name() + ": no answer within " + deadlineNanos / 1_000_000 + " ms; "
                                + Registers.describeStatus(registers.read32(Registers.CSTS))
                                + "; close the controller and open it again, which resets it");
            }
            LockSupport.parkNanos(PARK_NANOS);
        }
    }

    /** Whether the answer came; throws when it never will. */
    private boolean answered(int slot, AdminCommand command) throws BlockIoException {
        int csts = registers.read32(Registers.CSTS);
        if (!Registers.failed(csts)) {
            return false;
        }
        if (reapUntil(slot)) {
            return true;
        }
        pair.abandon(slot);
        throw new DeviceGoneException(controller, command.name() + ": " + Registers.describeStatus(csts));
    }

    /** Takes completions up to that of a slot; keeps events that are among them. */
    private boolean reapUntil(int wanted) {
        while (true) {
            int slot = pair.reap();
            if (slot == QueuePair.EMPTY) {
                pair.releaseCompletions();
                return false;
            }
            if (slot == wanted) {
                return true;
            }
            if (slot >= 0 && eventSlots[slot]) {
                eventSlots[slot] = false;
                if (pair.status() == 0) {
                    events.add(pair.result());
                }
            }
        }
    }

    @Override
    public String toString() {
        return controller + " admin " + pair + " events " + Arrays.toString(events.toArray());
    }
}
