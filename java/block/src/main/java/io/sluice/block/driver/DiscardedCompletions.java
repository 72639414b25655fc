package io.sluice.block.driver;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;

/** For a session that is being closed: what ends now is reported to nobody. */
public enum DiscardedCompletions implements Completion {
    INSTANCE;

    @Override
    public void completed(long tag) {}

    @Override
    public void failed(long tag, BlockIoException failure) {}
}
