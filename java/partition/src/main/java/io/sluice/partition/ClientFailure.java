package io.sluice.partition;

import io.sluice.block.BlockIoException;
import io.sluice.block.DeadlineException;
import io.sluice.block.DeviceGoneException;
import io.sluice.block.FencedException;
import io.sluice.block.Operation;

/** Failures of the session under a multiplexer in the words of its client: the same kind, but the blocks that the client named. */
final class ClientFailure {
    private ClientFailure() {}

    static BlockIoException of(String name, Operation operation, long block, long count, BlockIoException cause) {
        String reason = String.valueOf(cause.getMessage());
        BlockIoException failure = cause instanceof DeviceGoneException
                ? new DeviceGoneException(name, operation, block, count, reason)
                : cause instanceof DeadlineException
                        ? new DeadlineException(name, operation, block, count, reason)
                        : cause instanceof FencedException
                                ? new FencedException(name, operation, block, count, reason)
                                : new BlockIoException(name, operation, block, count, reason);
        failure.initCause(cause);
        return failure;
    }
}
