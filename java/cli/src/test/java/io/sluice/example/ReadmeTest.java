package io.sluice.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
    /** What the README shows is what this build has just compiled. */
    @ParameterizedTest
    @ValueSource(strings = {"ReadBlocks", "WriteData"})
    void examplesOfReadmeAreThoseThatCompile(String name) throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        String source = Files.readString(Path.of("src/test/java/io/sluice/example/" + name + ".java"));

        assertThat(readme).contains("```java\n" + source.substring(source.indexOf("class " + name)) + "```\n");
    }

    @Test
    void exampleOfReadingRunsWithoutADrive() {
        assertThatCode(() -> ReadBlocks.main(new String[0])).doesNotThrowAnyException();
    }

    @Test
    void exampleOfWritingRunsWithoutADrive() {
        assertThatCode(() -> WriteData.main(new String[0])).doesNotThrowAnyException();
    }
}
