package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.linux.ResourceLimit.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;

class LibcTest {
    @Test
    void threadIsConfinedToOneProcessor() {
        CompletableFuture.runAsync(() -> {
                    try {
                        BitSet all = ThreadAffinity.current();
                        assertThat(all.isEmpty()).isFalse();
                        BitSet one = new BitSet();
                        one.set(all.nextSetBit(0));
                        ThreadAffinity.confine(one);
                        assertThat(ThreadAffinity.current()).isEqualTo(one);
                        ThreadAffinity.confine(all);
                        assertThat(ThreadAffinity.current()).isEqualTo(all);
                    } catch (LinuxException exception) {
                        throw new AssertionError(exception);
                    }
                })
                .join();
    }

    @Test
    void threadCannotBeConfinedToNoProcessor() {
        assertThatThrownBy(() -> ThreadAffinity.confine(new BitSet()))
                .isInstanceOf(LinuxException.class)
                .satisfies(failure ->
                        assertThat(((LinuxException) failure).errno()).isEqualTo(Errno.EINVAL));
    }

    @Test
    void limitsAreWhatTheKernelSays() throws IOException {
        ResourceLimit limit = ResourceLimit.of(Resource.OPEN_FILES);
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            String line = lines.filter(text -> text.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow();
            String[] fields = line.split("\\s{2,}");
            assertThat(fields[1]).isEqualTo(Long.toString(limit.soft()));
            assertThat(fields[2]).isEqualTo(Long.toString(limit.hard()));
        }
        limit.apply(Resource.OPEN_FILES);
        assertThat(ResourceLimit.of(Resource.OPEN_FILES)).isEqualTo(limit);
        assertThatThrownBy(() -> new ResourceLimit(2, 1).apply(Resource.FILE_SIZE))
                .hasMessageContaining("setrlimit of FILE_SIZE")
                .hasMessageContaining("EINVAL");
    }

    @Test
    void anonymousFileHasItsSizeAndName() throws IOException {
        try (Descriptor file = AnonymousFile.create("sluice-anonymous", 12345)) {
            Path path = Path.of("/proc/self/fd/" + file.acquire());
            assertThat(Files.size(path)).isEqualTo(12345);
            assertThat(Files.readSymbolicLink(path).toString()).contains("sluice-anonymous");
            file.release();
        }
    }
}
