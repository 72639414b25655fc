package io.sluice.block.driver;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;

/** Takes what a session that is being closed still has to report. */
public final class Discard implements Completion {
    /** The one there is. */
    public static final Discard INSTANCE = new Discard();

    private Discard() {}

    @Override
    public void completed(long tag) {}

    @Override
    public void failed(long tag, BlockIoException failure) {}
}
