package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Paths are what they are on Linux: whatever the paths of the JDK's own file system answer is the answer here. */
class SluicePathTest {
    private static final List<String> PATHS = List.of(
            "",
            "/",
            "a",
            "/a",
            "a/b",
            "/a/b",
            "a//b/",
            "/a/b/c",
            "..",
            "../a",
            "a/..",
            "a/../b",
            "/..",
            "/../a",
            ".",
            "./a",
            "a/./b",
            "/a/b/../../c",
            "b",
            "b/c",
            "/b/c",
            "...",
            "a/b/c/d");

    private static String text(Path path) {
        return path == null ? "null" : path.toString();
    }

    @Test
    void aPathAnswersAsTheKernelsDoes() throws IOException {
        try (Disk disk = Disk.small()) {
            for (String text : PATHS) {
                Path ours = disk.path(text);
                Path theirs = Path.of(text);
                assertThat(ours.toString()).isEqualTo(theirs.toString());
                assertThat(ours.isAbsolute()).as(text).isEqualTo(theirs.isAbsolute());
                assertThat(ours.getNameCount()).as(text).isEqualTo(theirs.getNameCount());
                assertThat(text(ours.getRoot())).as(text).isEqualTo(text(theirs.getRoot()));
                assertThat(text(ours.getParent())).as(text).isEqualTo(text(theirs.getParent()));
                assertThat(text(ours.getFileName())).as(text).isEqualTo(text(theirs.getFileName()));
                assertThat(ours.normalize().toString())
                        .as(text)
                        .isEqualTo(theirs.normalize().toString());
                assertThat(names(ours)).isEqualTo(names(theirs));
                assertThat(ours).isEqualTo(disk.path(text)).hasSameHashCodeAs(disk.path(text));
            }
        }
    }

    private static List<String> names(Path path) {
        return StreamSupport.stream(path.spliterator(), false)
                .map(Path::toString)
                .toList();
    }

    @Test
    void twoPathsAnswerAsTheKernelsDo() throws IOException {
        try (Disk disk = Disk.small()) {
            for (String one : PATHS) {
                for (String other : PATHS) {
                    String both = "'" + one + "' and '" + other + "'";
                    Path ours = disk.path(one);
                    Path theirs = Path.of(one);
                    assertThat(ours.resolve(other).toString())
                            .as(both)
                            .isEqualTo(theirs.resolve(other).toString());
                    assertThat(ours.resolveSibling(other).toString())
                            .as(both)
                            .isEqualTo(theirs.resolveSibling(other).toString());
                    assertThat(ours.startsWith(other)).as(both).isEqualTo(theirs.startsWith(other));
                    assertThat(ours.endsWith(other)).as(both).isEqualTo(theirs.endsWith(other));
                    assertThat(ours.equals(disk.path(other))).as(both).isEqualTo(theirs.equals(Path.of(other)));
                    assertThat(Integer.signum(ours.compareTo(disk.path(other))))
                            .as(both)
                            .isEqualTo(Integer.signum(theirs.compareTo(Path.of(other))));
                }
            }
        }
    }

    @Test
    void theWayFromOnePathToAnotherLeadsThere() throws IOException {
        try (Disk disk = Disk.small()) {
            for (String one : PATHS) {
                for (String other : PATHS) {
                    Path from = disk.path(one).normalize();
                    Path to = disk.path(other).normalize();
                    if (from.isAbsolute() == to.isAbsolute() && !from.startsWith("..")) {
                        assertThat(from.resolve(from.relativize(to)).normalize())
                                .isEqualTo(to);
                    }
                }
            }
            assertThatThrownBy(() -> disk.path("a").relativize(disk.path("/a")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsNoPathHereIsRefused() throws IOException {
        try (Disk disk = Disk.small();
                Disk other = Disk.small()) {
            assertThatThrownBy(() -> disk.path("a\0b")).isInstanceOf(InvalidPathException.class);
            assertThatThrownBy(() -> disk.path("a").resolve(Path.of("b")))
                    .isInstanceOf(ProviderMismatchException.class);
            assertThatThrownBy(() -> disk.path("a").toFile()).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> disk.path("a/b").subpath(1, 3)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> disk.path("a").getName(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(disk.path("a")).isNotEqualTo(other.path("a"));
            assertThat(disk.path("a").startsWith(other.path("a"))).isFalse();
        }
    }
}
