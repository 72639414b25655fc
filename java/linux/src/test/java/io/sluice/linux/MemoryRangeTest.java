package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where memory lies, and whose file it is. */
class MemoryRangeTest {
    private static final int PAGE = 4096;

    @Test
    void aRangeIsAllOfItsBuffer() throws IOException {
        ByteBuffer memory = ByteBuffer.allocateDirect(3 * PAGE).alignedSlice(PAGE);
        memory.position(8).limit(16);
        MemoryRange whole = MemoryRange.of(memory);
        MemoryRange part = MemoryRange.of(memory.duplicate().clear().slice(PAGE, 100));

        assertThat(whole.size()).isEqualTo(memory.capacity());
        assertThat(whole.address() % PAGE).isZero();
        assertThat(whole.isWholePages(PAGE)).isTrue();
        assertThat(part.address()).isEqualTo(whole.address() + PAGE);
        assertThat(part.isWholePages(PAGE)).isFalse();
        assertThat(whole.writeable()).isTrue();
        assertThat(MemoryRange.of(memory.asReadOnlyBuffer()).writeable()).isFalse();
    }

    @Test
    void memoryOfTheHeapHasNoAddress() {
        for (ByteBuffer memory : new ByteBuffer[] {ByteBuffer.allocate(PAGE), ByteBuffer.allocateDirect(0)}) {
            assertThatThrownBy(() -> MemoryRange.of(memory)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theFileOfShareableMemoryIsKnownUntilItIsClosed() throws IOException {
        SharedMemory shared = SharedMemory.allocate("shareable", 8 * PAGE, PageChoice.PLAIN);
        MappedMemory memory = MappedMemory.shareable(shared.descriptor(), 2 * PAGE, 4 * PAGE, true);
        // It has the file for itself.
        shared.close();
        MemoryRange range = MemoryRange.of(memory.buffer().slice(PAGE, 2 * PAGE));
        FileRange file = MappedMemory.file(range).orElseThrow();
        assertThat(file.offset()).isEqualTo(3 * PAGE);
        try (MappedMemory again = MappedMemory.ofFile(file.file(), file.offset(), 2 * PAGE, true)) {
            memory.buffer().putLong(PAGE + 8, 4711);
            assertThat(again.buffer().getLong(8)).isEqualTo(4711);
        }

        memory.close();
        assertThat(MappedMemory.file(range)).isEmpty();
        assertThat(file.file().isClosed()).isTrue();
        memory.buffer().putLong(0, 1);
    }

    @Test
    void theFileOfOtherMemoryIsNotKnown() throws IOException {
        try (SharedMemory shared = SharedMemory.allocate("private", 2 * PAGE, PageChoice.PLAIN);
                MappedMemory plain = MappedMemory.ofFile(shared.descriptor(), 0, PAGE, true);
                MappedMemory shareable = MappedMemory.shareable(shared.descriptor(), 0, PAGE, true)) {
            assertThat(MappedMemory.file(plain.range())).isEmpty();
            assertThat(MappedMemory.file(shareable.range())).isPresent();
            assertThat(MappedMemory.file(MemoryRange.of(ByteBuffer.allocateDirect(PAGE))))
                    .isEqualTo(Optional.empty());
        }
    }
}
