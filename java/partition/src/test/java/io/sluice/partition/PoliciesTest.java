package io.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.Limits;
import io.sluice.block.Priority;
import io.sluice.block.Rate;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
    @TempDir
    private Path directory;

    private static Policies of(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        return Policies.of(properties);
    }

    @Test
    void aFileSaysWhatABuilderSays() throws IOException {
        Path file = directory.resolve("policies");
        Files.writeString(file, """
                # who may use the drive
                database.label          = db
                database.partition-name = data
                database.writeable      = true
                database.sessions       = 8
                database.priority       = high
                guests.label-prefix     = vm/
                guests.partition        = 2
                guests.shared           = true
                guests.weight           = 3
                guests.read-iops        = 10K
                guests.read-iops-burst  = 32
                guests.read-bytes       = 100 M
                backup.label-suffix     = /backup
                backup.partition-guid   = 00000000-0000-0001-0000-000000000002
                swap.label              = swap
                swap.partition-type     = 0657FD6D-A4AB-43C4-84E5-0933C84B4F4F
                swap.write-bytes        = 1G
                """);
        assertThat(Policies.read(file).all())
                .containsExactlyInAnyOrder(
                        Policy.of("database", new LabelPattern.Exact("db"), new PartitionChoice.ByName("data"))
                                .writeable(true)
                                .priority(Priority.HIGH)
                                .sessions(8),
                        Policy.of("guests", new LabelPattern.Prefix("vm/"), new PartitionChoice.ByNumber(2))
                                .shared(true)
                                .weight(3)
                                .limits(Limits.none()
                                        .readOperations(new Rate(10240, 32))
                                        .readBytes(Rate.perSecond(100 << 20))),
                        Policy.of(
                                "backup",
                                new LabelPattern.Suffix("/backup"),
                                new PartitionChoice.ByGuid(new UUID(1, 2))),
                        Policy.of(
                                        "swap",
                                        new LabelPattern.Exact("swap"),
                                        new PartitionChoice.ByType("0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"))
                                .limits(Limits.none().writeBytes(Rate.perSecond(1 << 30))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.label=x\\na.partition=1\\na.writable=true | 'a.writable': nothing is called so",
                "label=x | 'label': expected the name of a policy, a dot",
                "a.partition=1 | 'a': one of label, label-prefix and label-suffix must be given, there are 0",
                "a.label=x\\na.label-prefix=y\\na.partition=1 | there are 2",
                "a.label=x | one of partition, partition-name",
                "a.label=x\\na.partition=1\\na.partition-name=b | there are 2",
                "a.label=x\\na.partition=1\\na.partition-guid=00000000-0000-0001-0000-000000000002 | together",
                "a.label=x\\na.partition=one | 'a.partition = one': expected a number",
                "a.label=x\\na.partition-guid=nonsense | 'a.partition-guid = nonsense': Invalid UUID",
                "a.label=x\\na.partition=1\\na.writeable=yes | 'a.writeable = yes': expected true or false",
                "a.label=x\\na.partition=1\\na.writeable=true\\na.shared=true | only what is read-only can be shared",
                "a.label=x\\na.partition=1\\na.sessions=0 | policy 'a': 0 sessions: expected 1 to 65535",
                "a.label=x\\na.partition=1\\na.weight=1001 | weight 1001: expected 1 to 1000",
                "a.label=x\\na.partition=1\\na.priority=most | 'a.priority = most': expected urgent, high, medium or low",
                "a.label=x\\na.partition=1\\na.read-iops=0 | 'a.read-iops = 0': expected more than 0",
                "a.label=x\\na.partition=1\\na.read-iops=-5K | expected more than 0",
                "a.label=x\\na.partition=1\\na.read-bytes=99999999999T | expected a number, perhaps with K, M, G or T",
                "a.label=x\\na.partition=1\\na.read-bytes= | expected a number, perhaps with K, M, G or T",
                "a.label=x\\na.partition=1\\na.write-iops-burst=5 | there is no limit for a burst; give write-iops too",
                "a.label=x\\na.partition=1\\nb.label=x\\nb.partition=2 | policies 'a' and 'b' are for the same labels",
            })
    void whatItDoesNotUnderstandIsAnErrorThatNamesTheKey(String text, String message) {
        assertThatThrownBy(() -> of(text.replace("\\n", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# a\\n\\na.label=x\\na.partition=1\\na.writable=true | 'line 5: ''a.writable'': nothing'",
                "a.label=x\\na.partition=1\\n\\n b.label : y\\nb.partition one | 'line 5: ''b.partition = one'': expected a number'",
                "b.label=x\\nb.partition=1\\nb.label=y | 'line 3: ''b.label'' was said in line 1 already'",
                "a.label=x\\na.partition=1\\nb.partition=\\\\n 2\\nb.weight=1 | 'line 3: ''b'': one of label'",
                "a.label=x\\na.partition=1\\na.sessions=0 | 'line 1: policy ''a'': 0 sessions'",
                "a.label=\\u00g1\\na.partition=1 | 'line 1: Malformed'",
                "# goes on\\\\na.label=x\\na.label=y | 'line 3: ''a.label'' was said in line 2'",
                "a.label=x\\na.partition=1\\na.read-iops-burst=1 | 'line 3: ''a.read-iops-burst'': there is no limit'",
                "label=x | 'line 1: ''label'': expected the name of a policy'",
                "a.label=x\\na.partition=1\\nb.label=x\\nb.partition=2 | policies 'a' and 'b' are for the same labels",
            })
    void whatAFileSaysWrongIsToldWithItsLine(String text, String message) throws IOException {
        Path file = directory.resolve("policies");
        Files.writeString(file, text.replace("\\n", "\n"));
        assertThatThrownBy(() -> Policies.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void aFileIsReadAsPropertiesAre() throws IOException {
        Path file = directory.resolve("policies");
        String text =
                "! nothing\\\n  a.label = x \\\n   # y\r\na.partition:\\\n1\n\nb.label-suffix=c:\\\\\nb.partition-name = \\u00e4\\\\";
        Files.writeString(file, text);
        assertThat(Policies.read(file).all()).isEqualTo(of(text).all());
        assertThat(Policies.read(file).all())
                .extracting(policy -> policy.label().text())
                .containsExactly("x # y", "c:\\");
    }
}
