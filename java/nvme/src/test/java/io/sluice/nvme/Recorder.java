package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockIoException;
import io.sluice.block.Completion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers what a session reported, and that it reported nothing twice. */
final class Recorder implements Completion {
    private final List<Long> completed = new ArrayList<>();
    private final Map<Long, BlockIoException> failed = new LinkedHashMap<>();

    @Override
    public void completed(long tag) {
        requireFirst(tag);
        completed.add(tag);
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        requireFirst(tag);
        failed.put(tag, failure);
    }

    private void requireFirst(long tag) {
        assertThat(completed).as("completed before").doesNotContain(tag);
        assertThat(failed).as("failed before").doesNotContainKey(tag);
    }

    List<Long> completed() {
        return completed;
    }

    Map<Long, BlockIoException> failed() {
        return failed;
    }

    BlockIoException failure(long tag) {
        BlockIoException failure = failed.get(tag);
        assertThat(failure).as("failure of %d", tag).isNotNull();
        return failure;
    }
}
