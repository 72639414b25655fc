package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryLoaderTest {
    @TempDir
    Path work;

    @Test
    void libraryOfThisBuildLoadsAndSpeaksOurAbi() throws Exception {
        NativeLibrary.ensureAvailable();
        assertThat(NativeLibrary.unavailabilityCause()).isNull();
        assertThat(NativeLibrary.abi()).isEqualTo(NativeLibrary.ABI);
    }

    @Test
    void extractedCopyIsLoadedAndDeleted() throws Exception {
        List<String> loaded = new ArrayList<>();
        loader("amd64", null, path -> {
                    assertThat(Path.of(path)).exists().hasParent(work);
                    loaded.add(path);
                })
                .load();
        assertThat(loaded).hasSize(1);
        assertThat(work).isEmptyDirectory();
    }

    @Test
    void namedDirectoryComesFirstAndItsFailureIsKept() throws Exception {
        Path directory = Files.createDirectory(work.resolve("own"));
        List<String> tried = new ArrayList<>();
        loader("amd64", directory, tried::add).load();
        assertThat(tried).containsExactly(directory + "/libsluice.so");

        assertThatThrownBy(() -> loader("amd64", directory, path -> {
                            throw new UnsatisfiedLinkError(path + ": failed to map segment from shared object");
                        })
                        .load())
                .isInstanceOf(NativeLibraryException.class)
                .hasMessageContaining("mounted noexec")
                .hasMessageContaining("-Dsluice.native.workdir=DIR")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2))
                .satisfies(
                        failure -> assertThat(failure.getSuppressed()[0]).hasMessageContaining("-Dsluice.native.dir="));
        assertThat(work).isDirectoryNotContaining("glob:**.so");
    }

    @Test
    void architectureWithoutLibraryIsNamed() {
        assertThatThrownBy(() -> loader("riscv64", null, path -> {}).load())
                .isInstanceOf(NativeLibraryException.class)
                .hasMessageContaining("META-INF/native/linux-riscv64/libsluice.so")
                .hasMessageContaining("-Dsluice.native.dir=DIR");
    }

    @Test
    void otherSystemIsNamed() {
        LibraryLoader loader = new LibraryLoader(
                "Plan 9", "amd64", null, work, getClass().getClassLoader(), path -> {}, () -> NativeLibrary.ABI);
        assertThatThrownBy(loader::load).hasMessage("Sluice runs on Linux; this is Plan 9");
    }

    @Test
    void otherAbiIsRefused() {
        LibraryLoader loader =
                new LibraryLoader("Linux", "amd64", null, work, getClass().getClassLoader(), path -> {}, () -> 4711);
        assertThatThrownBy(loader::load)
                .isInstanceOf(NativeLibraryException.class)
                .hasMessageContaining("ABI 4711")
                .hasMessageContaining("rebuild");
    }

    private LibraryLoader loader(String architecture, @Nullable Path directory, Consumer<String> load) {
        return new LibraryLoader(
                "Linux", architecture, directory, work, getClass().getClassLoader(), load, () -> NativeLibrary.ABI);
    }
}
