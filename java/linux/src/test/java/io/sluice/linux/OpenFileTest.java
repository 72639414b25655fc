package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.linux.OpenFile.Mode;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFileTest {
    @TempDir
    Path directory;

    @Test
    void aFileIsDescribedAsItIsNow() throws IOException {
        Path path = Files.write(directory.resolve("file"), new byte[1000]);
        try (OpenFile file = OpenFile.open(path)) {
            FileFacts facts = file.facts();
            assertThat(facts.kind()).isEqualTo(FileFacts.Kind.REGULAR);
            assertThat(facts.bytes()).isEqualTo(1000);
            assertThat(facts.blockBytes()).isZero();
            assertThat(facts.readOnly()).isFalse();
            Files.write(path, new byte[2000]);
            assertThat(file.facts().bytes()).isEqualTo(2000);
        }
    }

    @Test
    void nodesAreDescribed() throws IOException {
        try (OpenFile file = OpenFile.open(Path.of("/dev/null"), Mode.WRITE)) {
            assertThat(file.facts().kind()).isEqualTo(FileFacts.Kind.CHARACTER);
            assertThat(file.facts().major()).isEqualTo(1);
            assertThat(file.facts().minor()).isEqualTo(3);
            assertThat(file.has(Mode.WRITE)).isTrue();
            assertThat(file.has(Mode.DIRECT)).isFalse();
        }
        try (OpenFile file = OpenFile.open(directory)) {
            assertThat(file.facts().kind()).isEqualTo(FileFacts.Kind.OTHER);
        }
    }

    @Test
    void theSameFileIsOpenedAgainWhateverItsPathLeadsTo() throws IOException {
        Path path = Files.write(directory.resolve("file"), new byte[1000]);
        try (OpenFile file = OpenFile.open(path)) {
            Files.delete(path);
            Files.write(path, new byte[5]);
            try (OpenFile again = file.reopen(Mode.WRITE)) {
                assertThat(again.facts().bytes()).isEqualTo(1000);
                assertThat(again.has(Mode.WRITE)).isTrue();
                assertThat(again.name()).isEqualTo(path.toString());
            }
        }
    }

    @Test
    void whatIsNotThereOrNotAllowedSaysWhich() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> OpenFile.open(missing))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> OpenFile.open(directory, Mode.WRITE)).hasMessageContaining("EISDIR");
    }

    @Test
    void whatIsNoNvmeNamespaceSaysSo() throws IOException {
        try (OpenFile file = OpenFile.open(Files.write(directory.resolve("file"), new byte[1]))) {
            assertThatThrownBy(file::nvmeNamespace)
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOTTY));
            assertThatThrownBy(() -> file.nvmeIdentify(0, 1))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOTTY));
        }
    }

    @Test
    void aClosedFileIsNoOther() throws IOException {
        OpenFile file = OpenFile.open(Path.of("/dev/null"));
        file.close();
        file.close();
        assertThatThrownBy(file::facts).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::reopen).isInstanceOf(ClosedChannelException.class);
    }
}
