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

    private void write(String table, String... leftOut) throws IOException {
        file().write(Map.of("lab", "guest", "commit", "1234"), Tables.selected(table), List.of(leftOut));
    }

    private String written() throws IOException {
        return Files.readString(directory.resolve("environment.json")).replaceAll("\\s+", " ");
    }

    @Test
    void tablesOfLaterRunsAreAdded() throws IOException {
        write("d");
        write("a");

        assertThat(written()).contains("\"tables\" : [ \"a\", \"d\" ]", "\"leftOut\" : [ ]");
    }

    @Test
    void whatARunLeftOutStaysLeftOutWhenALaterOneMeasuresAnotherTable() throws IOException {
        write("d", "d randwrite", "d write");
        write("a");

        assertThat(written()).contains("\"leftOut\" : [ \"d randwrite\", \"d write\" ]");
    }

    @Test
    void aRowThatALaterRunMeasuresIsNotLeftOut() throws IOException {
        write("d", "d randwrite", "d write");
        write("d", "d randread", "d randwrite", "d read");

        assertThat(written()).contains("\"leftOut\" : [ \"d randwrite\" ]");
    }

    @Test
    void aRowThatAnEarlierRunWasToMeasureIsNotLeftOut() throws IOException {
        write("d");
        write("d", "d randwrite", "d write");

        assertThat(written()).contains("\"leftOut\" : [ ]");
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
