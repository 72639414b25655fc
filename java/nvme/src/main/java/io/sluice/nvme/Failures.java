package io.sluice.nvme;

import io.sluice.block.BlockIoException;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.driver.DeadlineExpired;
import io.sluice.block.driver.SlotFacts;

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

    /** There is nobody any more who could answer. */
    BlockIoException gone(int slot, String reason) {
        return new DeviceGoneException(namespace, slots.operation(slot), slots.block(slot), slots.count(slot), reason);
    }
}
