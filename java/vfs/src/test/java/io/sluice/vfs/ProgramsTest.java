package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.RamDevice;
import io.sluice.emulator.EmulatedController;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.LocalFunction;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that know nothing of blocks, on a partition of an emulated drive. */
class ProgramsTest {
    private static final int PARTITION_BLOCKS = 16384;

    /** A drive of 10 MiB and more with one partition of 8 MiB. */
    private record Drive(NvmeController controller, Disk disk) implements Closeable {
        static Drive open() throws IOException {
            NvmeController controller = NvmeController.open(
                    LocalFunction.owning(EmulatedController.builder()
                            .name("drive")
                            .namespace(new RamDevice("ram", 512, PARTITION_BLOCKS + 4096))
                            .build()),
                    ControllerOptions.defaults());
            Disk disk = Disk.of(controller.namespace(1));
            new GptDisk(512)
                    .partition(1, 2048, 2047 + PARTITION_BLOCKS, "programs")
                    .write(disk.all());
            ((SluiceFileSystem) disk.fileSystem()).refresh();
            return new Drive(controller, disk);
        }

        Path partition() {
            return disk.path("/by-label/programs");
        }

        @Override
        public void close() throws IOException {
            disk.close();
            controller.close();
        }
    }

    @Test
    void h2KeepsADatabaseOnAPartition() throws Exception {
        try (Drive drive = Drive.open()) {
            String url =
                    "jdbc:h2:" + H2Partition.database("h2", drive.partition()) + ";FILE_LOCK=NO;TRACE_LEVEL_FILE=0";
            int rows = 2000;
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("create table t (id int primary key, text varchar(200))");
                connection.setAutoCommit(false);
                try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?)")) {
                    for (int i = 0; i < rows; i++) {
                        insert.setInt(1, i);
                        insert.setString(2, "row " + i + " " + "x".repeat(i % 100));
                        insert.execute();
                    }
                }
                connection.commit();
                statement.execute("delete from t where mod(id, 3) = 0");
                connection.commit();
                // With the last connection the database is closed.
            }
            try (Connection connection = DriverManager.getConnection(url + ";IFEXISTS=TRUE");
                    Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("select count(*), sum(length(text)) from t")) {
                long count = 0;
                long length = 0;
                for (int i = 0; i < rows; i++) {
                    if (i % 3 != 0) {
                        count++;
                        length += ("row " + i + " ").length() + i % 100;
                    }
                }
                assertThat(result.next()).isTrue();
                assertThat(result.getLong(1)).isEqualTo(count);
                assertThat(result.getLong(2)).isEqualTo(length);
            }
        }
    }

    @Test
    void aZipThatFillsAPartitionIsAFileSystem() throws IOException {
        try (Drive drive = Drive.open()) {
            long size = Files.size(drive.partition());
            byte[] noise = new byte[(int) size - 30_000];
            new Random(1).nextBytes(noise);
            byte[] bare = zip(noise, 0);
            // A comment fills the rest.
            byte[] zip = zip(noise, (int) size - bare.length);
            assertThat(zip).hasSize((int) size);
            Files.write(drive.partition(), zip);

            try (FileSystem zipped = FileSystems.newFileSystem(drive.partition(), (ClassLoader) null)) {
                assertThat(Files.readString(zipped.getPath("/hello"))).isEqualTo("world");
                assertThat(Files.readAllBytes(zipped.getPath("/noise"))).isEqualTo(noise);
            }
        }
    }

    private static byte[] zip(byte[] noise, int comment) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setLevel(0);
            out.putNextEntry(new ZipEntry("hello"));
            out.write("world".getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new ZipEntry("noise"));
            // In pieces: what checks JNI copies the whole array for each of the compressor's calls.
            for (int done = 0; done < noise.length; done += 4096) {
                out.write(Arrays.copyOfRange(noise, done, Math.min(done + 4096, noise.length)));
            }
            out.closeEntry();
            out.setComment(" ".repeat(comment));
        }
        return bytes.toByteArray();
    }

    @Test
    void filesCopiesAPartitionToAndFromTheKernelsFiles(@TempDir Path directory) throws IOException {
        try (Drive drive = Drive.open()) {
            byte[] noise = new byte[(int) Files.size(drive.partition())];
            new Random(2).nextBytes(noise);
            Path image = directory.resolve("image");
            Files.write(image, noise);
            try (OutputStream out = Files.newOutputStream(drive.partition())) {
                assertThat(Files.copy(image, out)).isEqualTo(noise.length);
            }
            Path copy = directory.resolve("copy");
            Files.copy(drive.partition(), copy);
            assertThat(Files.mismatch(copy, image)).isEqualTo(-1);
            assertThat(Files.mismatch(drive.partition(), image)).isEqualTo(-1);
            try (InputStream in = Files.newInputStream(drive.partition())) {
                assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(noise.length);
            }
        }
    }

    /** Where a segment lies, and what it has to be. */
    private record Segment(long start, long length, long checksum) {}

    @ParameterizedTest
    @ValueSource(ints = {0, 65536})
    void segmentsThatAreWrittenInARowAndCommittedAreThereWhenItIsOpenedAgain(int windowBytes) throws IOException {
        Random random = new Random(3);
        List<Segment> segments = new ArrayList<>();
        try (Drive drive = Drive.open()) {
            long next = 4096;
            for (int round = 0; round < 12; round++) {
                try (FileChannel channel = FileChannel.open(
                        drive.partition(), StandardOpenOption.WRITE, new Caching.WriteWindow(windowBytes))) {
                    Segment segment = writeSegment(channel, next, random);
                    segments.add(segment);
                    next = segment.start() + segment.length();
                    // First what the commit tells of, then the commit.
                    channel.force(false);
                    commit(channel, segments);
                    channel.force(false);
                }
            }
            assertThat(readCommit(drive.partition())).isEqualTo(segments);
            try (FileChannel channel =
                    FileChannel.open(drive.partition(), StandardOpenOption.READ, new Caching.ReadAhead(windowBytes))) {
                for (Segment segment : segments) {
                    assertThat(checksum(channel, segment)).isEqualTo(segment.checksum());
                }
            }
        }
    }

    private static Segment writeSegment(FileChannel channel, long start, Random random) throws IOException {
        CRC32 crc = new CRC32();
        channel.position(start);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 777);
        long length = 0;
        while (length < 300_000) {
            byte[] document = new byte[1 + random.nextInt(2000)];
            random.nextBytes(document);
            crc.update(document);
            out.write(document);
            length += document.length;
        }
        out.flush();
        return new Segment(start, length, crc.getValue());
    }

    private static void commit(FileChannel channel, List<Segment> segments) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(segments.size());
            for (Segment segment : segments) {
                out.writeLong(segment.start());
                out.writeLong(segment.length());
                out.writeLong(segment.checksum());
            }
        }
        assertThat(channel.write(ByteBuffer.wrap(bytes.toByteArray()), 0)).isEqualTo(bytes.size());
    }

    private static List<Segment> readCommit(Path partition) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(partition))) {
            List<Segment> segments = new ArrayList<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                segments.add(new Segment(in.readLong(), in.readLong(), in.readLong()));
            }
            return segments;
        }
    }

    private static long checksum(FileChannel channel, Segment segment) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        channel.position(segment.start());
        for (long left = segment.length(); left > 0; left -= bytes.limit()) {
            int read = channel.read(bytes.clear().limit((int) Math.min(1000, left)));
            assertThat(read).isEqualTo(bytes.limit());
            crc.update(bytes.flip());
        }
        return crc.getValue();
    }
}
