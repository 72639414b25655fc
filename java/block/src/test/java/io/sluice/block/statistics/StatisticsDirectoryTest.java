package io.sluice.block.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsDirectoryTest {
    @TempDir
    Path parent;

    private Path path;
    private StatisticsDirectory directory;
    private final List<String> trouble = new ArrayList<>();

    @BeforeEach
    void choose() {
        path = parent.resolve("sluice");
        directory = StatisticsDirectory.at(path);
    }

    private List<ProcessStatistics> read() throws IOException {
        return directory.read((file, why) -> trouble.add(file.getFileName() + ": " + why.getMessage()));
    }

    private Path write(ProcessIdentity process) throws IOException {
        Path file = directory.create(process);
        byte[] bytes = new byte[StatisticsFormat.encode(Readings.of(process)).remaining()];
        StatisticsFormat.encode(Readings.of(process)).get(bytes);
        return Files.write(file, bytes);
    }

    private static ProcessIdentity ended() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity = ProcessIdentity.of(process.pid());
        process.destroyForcibly().waitFor();
        return identity;
    }

    @Test
    void directoryAndFilesAreClosedToOthers() throws IOException {
        Path file = directory.create(ProcessIdentity.current());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aDirectoryThatOthersCanUseIsRefused() throws IOException {
        Files.createDirectory(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> directory.create(ProcessIdentity.current()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("mode 0700");
    }

    @Test
    void aLinkInPlaceOfTheDirectoryIsRefused() throws IOException {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(path, elsewhere);
        assertThatThrownBy(() -> directory.create(ProcessIdentity.current())).hasMessageContaining("mode 0700");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void whatLivingProcessesPublishIsRead() throws IOException {
        ProcessIdentity current = ProcessIdentity.current();
        write(current);
        assertThat(read()).containsExactly(Readings.of(current));
        assertThat(trouble).isEmpty();
    }

    @Test
    void whatEndedProcessesLeftIsRemoved() throws Exception {
        Path left = write(ended());
        ProcessIdentity current = ProcessIdentity.current();
        // The number of this process, but one that had it before.
        Path earlier = write(new ProcessIdentity(current.pid(), current.startTicks() - 1, current.namespace()));

        assertThat(read()).isEmpty();
        assertThat(left).doesNotExist();
        assertThat(earlier).doesNotExist();
        assertThat(trouble).isEmpty();
    }

    @Test
    void whoHasANumberAgainTakesTheFileOver() throws IOException {
        ProcessIdentity current = ProcessIdentity.current();
        write(new ProcessIdentity(current.pid(), current.startTicks() - 1, current.namespace()));
        write(current);
        assertThat(read()).containsExactly(Readings.of(current));
    }

    @Test
    void ofProcessesThatHaveOtherNumbersHereTheTimeTells() throws IOException {
        ProcessIdentity current = ProcessIdentity.current();
        ProcessIdentity foreign = new ProcessIdentity(current.pid(), 1, current.namespace() + 1);
        Path file = write(foreign);
        assertThat(read()).containsExactly(Readings.of(foreign));

        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
        assertThat(read()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void whatNobodyPublishedIsToldOfAndLeftAlone() throws IOException {
        Path empty = directory.create(ProcessIdentity.current());
        Path other = Files.writeString(path.resolve("other"), "x".repeat(100));
        Path link = Files.createSymbolicLink(path.resolve("link"), other);

        assertThat(read()).isEmpty();
        assertThat(trouble).hasSize(2).anyMatch(t -> t.startsWith("other: ")).anyMatch(t -> t.startsWith("link: "));
        assertThat(List.of(empty, other, link)).allMatch(Files::exists);
    }

    @Test
    void whereNobodyPublishesThereIsNothing() throws IOException {
        assertThat(read()).isEmpty();
        assertThat(path).doesNotExist();
    }

    @Test
    void inADirectoryOfEverybodyNothingIsRemoved() throws Exception {
        Path left = write(ended());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(read()).isEmpty();
        assertThat(left).exists();
    }

    @Test
    void eachUserHasADirectory() throws IOException {
        assertThat(StatisticsDirectory.ofUser("/run/user/1000").path()).isEqualTo(Path.of("/run/user/1000/sluice"));
        assertThat(StatisticsDirectory.ofUser(null).path().toString()).matches("/dev/shm/sluice-\\d+");
        assertThat(StatisticsDirectory.all("/run/user/1000")).hasSize(2);
        assertThat(StatisticsDirectory.all("")).hasSize(1);
    }
}
