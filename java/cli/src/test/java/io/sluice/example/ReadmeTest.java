package io.sluice.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    /** What the README shows is what this build has just compiled. */
    @Test
    void exampleOfReadmeIsTheOneThatCompiles() throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        String source = Files.readString(Path.of("src/test/java/io/sluice/example/ReadBlocks.java"));
        int from = readme.indexOf("```java\n");
        assertThat(from).as("a Java example in README.md").isNotNegative();
        String example = readme.substring(from + 8, readme.indexOf("```\n", from + 8));

        assertThat(source.substring(source.indexOf("class ReadBlocks"))).isEqualTo(example);
    }

    @Test
    void exampleOfReadmeRunsWithoutADrive() {
        assertThatCode(() -> ReadBlocks.main(new String[0])).doesNotThrowAnyException();
    }
}
