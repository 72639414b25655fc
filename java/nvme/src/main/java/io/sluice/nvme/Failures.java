package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.Operation;
import io.sluice.block.driver.DeadlineExpired;
import io.sluice.block.driver.SlotFacts;
import io.sluice.block.driver.Window;

/** Says of the command in a slot that it failed, and why. */
final class Failures {
    private final String namespace;
    private final SlotFacts slots;
    private final long deadlineNanos;

    Failures(String namespace, SlotFacts slots, long deadlineNanos) {
        this.namespace = namespace;
        this.slots = slots;
        this.deadlineNanos = deadlineNanos;
    }

    /** The controller answered with a status that is not success. */
    BlockIoException answer(int slot, int status) {
        return new CommandFailedException(
                namespace, slots.operation(slot), slots.block(slot), slots.count(slot), Status.of(status));
    }

    /** The controller did not answer in time. */
    BlockIoException overdue(int slot) {
        DeadlineExpired.report(namespace, slots.operation(slot), slots.block(slot), slots.count(slot), deadlineNanos);
        return new DeadlineException(
                namespace,
                slots.operation(slot),
                slots.block(slot),
                slots.count(slot),
                "no answer within " + deadlineNanos / 1_000_000
                        + " ms; whether it was done is unknown; its memory stays in use until the device answers or the"
                        + " controller is closed");
    }

    /** The memory of a transfer by copy is gone. */
    BlockIoException memoryLost(int slot, InternalError cause) {
        BlockIoException failure = new BlockIoException(
                namespace, slots.operation(slot), slots.block(slot), slots.count(slot), Window.MEMORY_GONE);
        failure.initCause(cause);
        return failure;
    }

    /** No poll can make room any more: what takes it was given up, and is not answered. */
    DeadlineException noRoomLeft(Operation operation, long block, long count, int slotCount) {
        return new DeadlineException(
                namespace,
                operation,
                block,
                count,
                "the session's " + slotCount
                        + " slots, or the memory for copies, are taken by operations that were given up after their"
                        + " deadline and that the device has not answered; close the session and open another");
    }

    /** There is nobody any more who could answer. */
    BlockIoException gone(int slot, String reason) {
        return new DeviceGoneException(namespace, slots.operation(slot), slots.block(slot), slots.count(slot), reason);
    }
}
