package io.sluice.emulator;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import io.sluice.block.IoBuffer;
import io.sluice.block.Operation;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The devices under the namespaces: sends operations to their sessions and takes what they finish. Some commands have their operations in flight beside those of
 * others ({@link #send}), some wait for theirs ({@link #perform}). For the controller's thread alone.
 */
final class Backing implements Completion {
    /** The tag of the operation that {@link #perform} waits for. */
    private static final long AWAITED = -1;
    /** How long to sleep for a device that has nothing to report yet, nanoseconds. */
    private static final long PATIENCE_NANOS = 1_000_000;

    private final Namespaces namespaces;
    private final Flight flight;
    private final IntConsumer landed;
    private final Runnable memoryLost;
    private boolean awaitedDone;
    private int awaitedStatus;

    /**
     * Over the sessions of the namespaces.
     *
     * @param landed is told the number of a command whose last operation is done
     * @param memoryLost is told that a device could not reach the host's memory
     */
    Backing(Namespaces namespaces, Flight flight, IntConsumer landed, Runnable memoryLost) {
        this.namespaces = namespaces;
        this.flight = flight;
        this.landed = landed;
        this.memoryLost = memoryLost;
    }

    /** Sends an operation of a command in flight; waits for room when there is none. Blocks are those of the device. */
    void send(
            Namespace namespace,
            int number,
            Operation operation,
            long block,
            long count,
            IoBuffer memory,
            long offset) {
        try {
            flight.launch(number);
            while (!namespace.session().submit(operation, block, count, memory, offset, number)) {
                takeSome(namespace);
            }
        } catch (BlockIoException refused) {
            failed(number, refused);
        }
    }

    /** Does an operation and waits for it; returns a status. Blocks are those of the device. */
    int perform(Namespace namespace, Operation operation, long block, long count, IoBuffer memory, long offset) {
        awaitedDone = false;
        awaitedStatus = Status.SUCCESS;
        try {
            while (!namespace.session().submit(operation, block, count, memory, offset, AWAITED)) {
                takeSome(namespace);
            }
            while (!awaitedDone) {
                takeSome(namespace);
            }
        } catch (BlockIoException refused) {
            return status(operation, refused);
        }
        return awaitedStatus;
    }

    private void takeSome(Namespace namespace) throws BlockIoException {
        namespace.session().commit();
        if (namespace.session().poll(this, Integer.MAX_VALUE) == 0) {
            try {
                boolean ignored = namespace.session().await(PATIENCE_NANOS);
            } catch (BlockIoException failure) {
                throw failure;
            } catch (IOException failure) {
                throw new BlockIoException("namespace " + namespace.id(), String.valueOf(failure.getMessage()));
            }
        }
    }

    /** Takes what is finished; returns how many operations were. */
    int poll() {
        int done = 0;
        List<Namespace> all = namespaces.all();
        for (int i = 0; i < all.size(); i++) {
            Namespace namespace = all.get(i);
            if (namespace.session().inFlight() > 0) {
                done += poll(namespace);
            }
        }
        return done;
    }

    private int poll(Namespace namespace) {
        namespace.session().commit();
        try {
            return namespace.session().poll(this, Integer.MAX_VALUE);
        } catch (BlockIoException gaveUp) {
            // What was in flight was reported as failed; what comes next is refused one by one.
            return 0;
        }
    }

    /** Waits until nothing is in flight: after that no device touches the host's memory. */
    void drain() {
        for (Namespace namespace : namespaces.all()) {
            while (namespace.session().inFlight() > 0 && tookSome(namespace)) {
                Thread.onSpinWait();
            }
        }
    }

    /** False when the session gave up, which reports everything that was in flight there as failed. */
    private boolean tookSome(Namespace namespace) {
        try {
            takeSome(namespace);
            return true;
        } catch (BlockIoException gaveUp) {
            return false;
        }
    }

    @Override
    public void completed(long tag) {
        if (tag == AWAITED) {
            awaitedDone = true;
        } else if (flight.land((int) tag)) {
            landed.accept((int) tag);
        }
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        int status = status(failure.operation(), failure);
        if (tag == AWAITED) {
            awaitedStatus = status;
            awaitedDone = true;
        } else {
            flight.fail((int) tag, status);
            if (flight.land((int) tag)) {
                landed.accept((int) tag);
            }
        }
    }

    private int status(@Nullable Operation operation, BlockIoException failure) {
        if (failure.getCause() instanceof InternalError) {
            // The host's memory could not be read or written.
            memoryLost.run();
            return Status.DATA_TRANSFER_ERROR;
        }
        if (operation == null) {
            return Status.INTERNAL_ERROR;
        }
        return operation == Operation.READ ? Status.UNRECOVERED_READ_ERROR : Status.WRITE_FAULT;
    }
}
