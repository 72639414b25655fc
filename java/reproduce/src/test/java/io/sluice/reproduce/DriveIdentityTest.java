package io.sluice.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriveIdentityTest {
    private static final DriveIdentity DRIVE = new DriveIdentity("0000:03:00.0", "ACME Fast 3", "S-77");

    private final ByteArrayOutputStream asked = new ByteArrayOutputStream();

    private boolean confirmed(String answer) throws IOException {
        try (PrintStream questions = new PrintStream(asked, true, StandardCharsets.UTF_8)) {
            return DRIVE.isConfirmed(new BufferedReader(new StringReader(answer)), questions);
        }
    }

    @Test
    void modelAndSerialNumberConfirm() throws IOException {
        assertThat(confirmed("ACME Fast 3 S-77\n")).isTrue();
        assertThat(asked.toString(StandardCharsets.UTF_8))
                .contains("overwrites the drive at 0000:03:00.0", "ACME Fast 3", "S-77");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "y\n", "yes\n", "S-77\n", "ACME Fast 3\n", "acme fast 3 s-77\n", "ACME Fast 3 S-7\n"})
    void nothingElseDoes(String answer) throws IOException {
        assertThat(confirmed(answer)).isFalse();
    }
}
