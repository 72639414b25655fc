package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.report.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentFileTest {
    @TempDir
    private Path directory;

    private EnvironmentFile file() {
        return new EnvironmentFile(directory.resolve("environment.json"));
    }

    @Test
    void tablesOfLaterRunsAreAdded() throws IOException {
        file().write(Map.of("lab", "guest", "commit", "1234"), Tables.selected("d"), List.of());
        file().write(Map.of("lab", "guest", "commit", "1234"), Tables.selected("a"), List.of("d write"));

        assertThat(Files.readString(directory.resolve("environment.json")))
                .containsPattern("\"tables\" : \\[ \"a\", \"d\" \\]")
                .containsPattern("\"leftOut\" : \\[ \"d write\" \\]");
    }

    @Test
    void figuresOfAnotherCommitOrModeDoNotComeBesideTheOldOnes() throws IOException {
        file().write(Map.of("commit", "1234", "mode", "quick"), Tables.all(), List.of());
        String before = Files.readString(directory.resolve("environment.json"));

        assertThatThrownBy(() -> file().write(Map.of("commit", "5678", "mode", "quick"), Tables.all(), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another commit (1234, now 5678)")
                .hasMessageContaining("--fresh");
        assertThatThrownBy(() -> file().write(Map.of("commit", "1234", "mode", "full"), Tables.all(), List.of()))
                .hasMessageContaining("another mode (quick, now full)");
        assertThat(directory.resolve("environment.json")).hasContent(before);
    }
}
