package io.sluice.uring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what a session reports, in order. */
public final class Recorder implements Completion {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final List<Long> tags = new ArrayList<>();
    private final Map<Long, BlockIoException> failures = new TreeMap<>();

    @Override
    public void completed(long tag) {
        tags.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        tags.add(tag);
        failures.put(tag, failure);
    }

    /** Waits until nothing is in flight. */
    public Recorder finish(BlockSession session) throws IOException {
        session.commit();
        while (session.inFlight() > 0) {
            assertThat(session.await(PATIENCE_NANOS))
                    .as("something is reported")
                    .isTrue();
            session.poll(this, 64);
        }
        return this;
    }

    /** Everything that was reported, in order. */
    public List<Long> tags() {
        return tags;
    }

    /** What was reported as failed. */
    public Map<Long, BlockIoException> failures() {
        return failures;
    }
}
