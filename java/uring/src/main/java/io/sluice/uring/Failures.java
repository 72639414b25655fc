package io.sluice.uring;

import io.sluice.block.BlockIoException;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Operation;
import io.sluice.block.driver.DeadlineExpired;
import io.sluice.block.driver.SlotFacts;
import io.sluice.block.driver.Window;
import org.jspecify.annotations.Nullable;

/** Says of an operation in a slot that it failed, and why. */
final class Failures {
    private final String device;
    private final Commands commands;
    private final SlotFacts facts;
    private final int blockShift;
    private final long deadlineNanos;

    Failures(String device, Commands commands, SlotFacts facts, int blockShift, long deadlineNanos) {
        this.device = device;
        this.commands = commands;
        this.facts = facts;
        this.blockShift = blockShift;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * The kernel answered with a failure, or not with all that was to be moved.
     *
     * @param result what it answered
     * @param done what that means: see {@link Commands#moved}
     * @param before bytes that were moved before
     */
    BlockIoException answer(int slot, int result, long done, int before) {
        Operation operation = facts.operation(slot);
        long block = facts.block(slot);
        long count = facts.count(slot);
        if (commands.gone(result)) {
            return gone(slot, commands.reason(operation, result));
        }
        String reason;
        if (done < 0) {
            reason = commands.reason(operation, result);
        } else if (operation == Operation.READ) {
            reason = "the file ends before its last block: it was made shorter while it is open; close it";
        } else {
            reason = "the file system took nothing of it; see the kernel's messages (dmesg)";
        }
        int blocks = before >> blockShift;
        return new BlockIoException(
                device,
                operation,
                block,
                count,
                blocks == 0 ? reason : reason + "; the " + blocks + " blocks from " + block + " on were done before");
    }

    /**
     * A sync did all that it could; but what an earlier one lost is not there.
     *
     * @param first how that failed, null when nothing was lost
     * @return null when it succeeded
     */
    @Nullable
    BlockIoException stillLost(int slot, @Nullable BlockIoException first) {
        if (first == null) {
            return null;
        }
        BlockIoException failure = new BlockIoException(
                device,
                facts.operation(slot),
                facts.block(slot),
                facts.count(slot),
                "an earlier sync failed, and what it was to store may be lost: write it again and acknowledge the loss, or close"
                        + " the device; the failure: " + first.getMessage());
        failure.initCause(first);
        return failure;
    }

    /** The memory of a transfer by copy is gone. */
    BlockIoException memoryLost(int slot, InternalError cause) {
        BlockIoException failure = new BlockIoException(
                device, facts.operation(slot), facts.block(slot), facts.count(slot), Window.MEMORY_GONE);
        failure.initCause(cause);
        return failure;
    }

    /** No poll can make room any more: what takes it was given up, and is not answered. */
    DeadlineException noRoomLeft(Operation operation, long block, long count, int slotCount) {
        return new DeadlineException(
                device,
                operation,
                block,
                count,
                "the session's " + slotCount
                        + " slots, or the memory for copies, are taken by operations that were given up after their"
                        + " deadline and that the kernel has not answered; close the session and open another");
    }

    /** The kernel did not answer in time. */
    BlockIoException overdue(int slot) {
        DeadlineExpired.report(device, facts.operation(slot), facts.block(slot), facts.count(slot), deadlineNanos);
        return new DeadlineException(
                device,
                facts.operation(slot),
                facts.block(slot),
                facts.count(slot),
                "no answer within " + deadlineNanos / 1_000_000
                        + " ms; whether it was done is unknown; its memory stays in use until the kernel answers");
    }

    /** There is nobody any more who could answer. */
    BlockIoException gone(int slot, String reason) {
        return new DeviceGoneException(device, facts.operation(slot), facts.block(slot), facts.count(slot), reason);
    }
}
