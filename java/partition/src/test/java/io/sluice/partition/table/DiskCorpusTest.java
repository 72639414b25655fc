package io.sluice.partition.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.partition.table.Finding.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What fuzzing begins with is in the tree, as small as it should be, and reaches all that there is. */
class DiskCorpusTest {
    private static final String DIRECTORY =
            TableFuzzTest.class.getSimpleName() + "Inputs/whateverIsOnADeviceIsReadOrRefusedAndStaysAsItIs/";
    private static final int MOST_BYTES = 2048;

    @ParameterizedTest
    @MethodSource("io.sluice.partition.table.DiskCorpus#cases")
    void everyCaseHasItsFile(DiskCorpus.Case each) throws IOException {
        byte[] bytes = each.toBytes();

        assertThat(bytes.length).isLessThan(MOST_BYTES);
        try (InputStream file = DiskCorpusTest.class.getResourceAsStream(DIRECTORY + each.name())) {
            assertThat(file)
                    .as("%s; DiskCorpus.main writes the files", each.name())
                    .isNotNull();
            assertThat(Objects.requireNonNull(file).readAllBytes()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("io.sluice.partition.table.DiskCorpus#cases")
    void theBytesMeanTheDevice(DiskCorpus.Case each) throws IOException {
        DiskInput input = DiskInput.of(DiskInput.toBytes(each.disk(), false));

        assertThat(input.blockBytes()).isEqualTo(each.disk().blockBytes());
        assertThat(input.content())
                .isEqualTo(each.disk().read(0, (int) each.disk().blockCount()));
    }

    /** A case as the fuzz test gets it. */
    private static ImageBlocks blocks(DiskCorpus.Case each) throws IOException {
        DiskInput input = DiskInput.of(each.toBytes());
        ImageBlocks blocks = new ImageBlocks(input.blockBytes(), input.blockCount());
        blocks.write(0, input.content());
        return blocks;
    }

    @Test
    void everyKindOfTableFindingAndFileSystemIsThere() throws IOException {
        Set<TableKind> kinds = EnumSet.noneOf(TableKind.class);
        Set<Problem> problems = EnumSet.noneOf(Problem.class);
        Set<String> fileSystems = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        for (DiskCorpus.Case each : DiskCorpus.cases()) {
            Optional<PartitionTable> table = ReadingCheck.read(blocks(each));
            if (table.isEmpty()) {
                refused.add(each.name());
                continue;
            }
            kinds.add(table.get().kind());
            table.get().findings().forEach(finding -> problems.add(finding.problem()));
            FileSystemProbe.probe(blocks(each), Extent.between(0, each.disk().blockCount() - 1))
                    .ifPresent(found -> fileSystems.add(found.type()));
        }

        assertThat(kinds).containsExactlyInAnyOrder(TableKind.values());
        assertThat(problems).containsExactlyInAnyOrder(Problem.values());
        assertThat(fileSystems)
                .containsExactly("LVM2_member", "btrfs", "crypto_LUKS", "exfat", "ext3", "ntfs", "swap", "vfat", "xfs");
        assertThat(refused).contains("gpt-contradicted", "gpt-both-damaged", "gpt-header-array-product-wraps");
    }
}
