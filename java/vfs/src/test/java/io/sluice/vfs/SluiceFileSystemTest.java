package io.sluice.vfs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockDevice;
import io.sluice.block.BlockSession;
import io.sluice.block.Geometry;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SluiceFileSystemTest {
    /** A disk of 4 MiB with a table; its partitions are of 1000 and 100 blocks. */
    private static Disk partitioned(Object... environment) throws IOException {
        Disk disk = Disk.ram(512, 8192, environment);
        new GptDisk(512)
                .partition(1, 100, 1099, "data")
                .partition(3, 2000, 2099, "a/b%")
                .write(disk.all());
        ((SluiceFileSystem) disk.fileSystem()).refresh();
        return disk;
    }

    private static List<String> walk(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void theTreeHasTheDeviceAndItsPartitionsUnderAllTheirNames() throws IOException {
        try (Disk disk = partitioned()) {
            String type = GptDisk.LINUX.toString().toUpperCase(Locale.ROOT);
            assertThat(walk(disk.path("/")))
                    .containsExactlyInAnyOrder(
                            "/",
                            "/block_count",
                            "/block_size",
                            "/by-guid",
                            "/by-guid/00000000-0000-0001-0000-000000000001",
                            "/by-guid/00000000-0000-0003-0000-000000000003",
                            "/by-label",
                            "/by-label/a%2Fb%25",
                            "/by-label/data",
                            "/by-type",
                            "/by-type/" + type,
                            "/by-type/" + type + "/p1",
                            "/by-type/" + type + "/p3",
                            "/disk",
                            "/info",
                            "/p1",
                            "/p3");
            assertThat(Files.size(disk.path("/p1"))).isEqualTo(512_000);
            assertThat(Files.isSameFile(disk.path("/p1"), disk.path("/by-label/data")))
                    .isTrue();
            assertThat(Files.isSameFile(disk.path("/p1"), disk.path("/p3"))).isFalse();
            assertThat(Files.isSameFile(disk.path("/by-label"), disk.path("/by-guid")))
                    .isFalse();
        }
    }

    @Test
    void aPartitionIsAWindowOfTheDeviceAndNothingElse() throws IOException {
        try (Disk disk = partitioned();
                FileChannel whole = disk.open();
                FileChannel partition = FileChannel.open(
                        disk.path("/by-label/a%2Fb%25"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(partition.size()).isEqualTo(51_200);
            assertThat(partition.write(Disk.pattern(51_200, 1), 0)).isEqualTo(51_200);
            assertThatThrownBy(() -> partition.write(ByteBuffer.allocate(1), 51_200))
                    .isInstanceOf(FileSystemException.class);
            ByteBuffer around = ByteBuffer.allocate(51_202);
            assertThat(whole.read(around, 2000 * 512 - 1)).isEqualTo(51_202);
            assertThat(around.get(0)).isZero();
            assertThat(around.get(51_201)).isZero();
            assertThat(around.slice(1, 51_200)).isEqualTo(Disk.pattern(51_200, 1));
        }
    }

    @Test
    void textsTellTheFacts() throws IOException {
        try (Disk disk = partitioned()) {
            assertThat(Files.readString(disk.path("/block_size"))).isEqualTo("512\n");
            assertThat(Files.readString(disk.path("/block_count"))).isEqualTo("8192\n");
            assertThat(Files.readAllLines(disk.path("/info")))
                    .contains("device: ram", "block_size: 512", "writeable: yes", "partition_table: GPT");
            assertThatThrownBy(() -> Files.writeString(disk.path("/info"), "no"))
                    .isInstanceOf(AccessDeniedException.class);
            assertThatThrownBy(() -> FileChannel.open(disk.path("/info"))).isInstanceOf(FileSystemException.class);
        }
    }

    @Test
    void attributesTellOfFileOwnerAndBlocks() throws IOException {
        try (Disk disk = partitioned("permissions", "rw-------", "owner", "storage", "group", "disks")) {
            Path path = disk.path("/p1");
            assertThat(Files.readAttributes(path, BasicFileAttributes.class).isRegularFile())
                    .isTrue();
            assertThat(Files.readAttributes(path, "block:*"))
                    .containsEntry("blockSize", 512)
                    .containsEntry("blockCount", 1000L)
                    .containsEntry("firstBlock", 100L)
                    .containsEntry("writeable", true)
                    .containsEntry("partition", 1)
                    .containsEntry("label", "data")
                    .containsEntry("partitionGuid", "00000000-0000-0001-0000-000000000001")
                    .containsEntry("device", "ram");
            assertThat(Files.getAttribute(path, "block:label")).isEqualTo("data");
            assertThat(Files.readAttributes(path, "size,isDirectory"))
                    .containsExactlyInAnyOrderEntriesOf(Map.of("size", 512_000L, "isDirectory", false));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(Files.getOwner(path).getName()).isEqualTo("storage");
            assertThat(Files.getFileAttributeView(path, PosixFileAttributeView.class)
                            .readAttributes()
                            .group()
                            .getName())
                    .isEqualTo("disks");
            assertThatThrownBy(() -> Files.getAttribute(path, "block:colour"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("label");
            assertThatThrownBy(() -> Files.getAttribute(path, "dos:hidden"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> Files.setLastModifiedTime(path, FileTime.fromMillis(0)))
                    .isInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> Files.setAttribute(path, "basic:size", 1L))
                    .isInstanceOf(FileSystemException.class);
        }
    }

    @Test
    void moreFactsComeFromWhoOpenedTheDevice() throws IOException {
        RamDevice ram = new RamDevice("ram", 512, 100);
        OpenedDevice opened = new OpenedDevice(ram, () -> Map.of("model", "M1"));
        try (ram;
                Disk disk = Disk.of(ram, "device", opened)) {
            assertThat(Files.getAttribute(disk.all(), "block:model")).isEqualTo("M1");
            assertThat(Files.readAllLines(disk.path("/info"))).contains("model: M1");
        }
    }

    @Test
    void storesTellOfTheDevice() throws IOException {
        try (Disk disk = partitioned()) {
            FileStore store = Files.getFileStore(disk.path("/p1"));
            assertThat(store.getTotalSpace()).isEqualTo(4 << 20);
            assertThat(store.getBlockSize()).isEqualTo(512);
            assertThat(store.getUsableSpace()).isZero();
            assertThat(store.isReadOnly()).isFalse();
            assertThat(store.supportsFileAttributeView("block")).isTrue();
            assertThat(store.getAttribute("totalSpace")).isEqualTo(4L << 20);
            assertThat(disk.fileSystem().getFileStores()).containsExactly(store);
        }
    }

    @Test
    void pathsMakeTheWayToUrisAndBack() throws IOException {
        try (Disk disk = partitioned()) {
            for (String text : List.of(
                    "/",
                    "/p1",
                    "/by-label/a%2Fb%25",
                    "/what is not there !",
                    "/Gr\u00f6\u00dfe",
                    "/Gro\u0308\u00dfe")) {
                Path path = disk.path(text);
                assertThat(Path.of(path.toUri())).isEqualTo(path);
                assertThat(Path.of(URI.create(path.toUri().toString()))).isEqualTo(path);
            }
            String root = disk.path("/").toUri().toString();
            for (String text : List.of("Gr\u00f6\u00dfe", "Gro\u0308\u00dfe", "\ud83d\ude80")) {
                assertThat(Path.of(URI.create(root + text)))
                        .as("not in percent signs")
                        .isEqualTo(disk.path("/" + text));
            }
            assertThat(disk.path("p1").toUri()).isEqualTo(disk.path("/p1").toUri());
            assertThat(Paths.get(disk.path("/p1").toUri()).getFileSystem()).isSameAs(disk.fileSystem());
            assertThat(disk.path("by-label/../p1").toRealPath()).isEqualTo(disk.path("/p1"));
            assertThatThrownBy(() -> disk.path("/p2").toRealPath()).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> disk.path("/p1/x").toRealPath()).isInstanceOf(NotDirectoryException.class);
        }
        for (String wrong : List.of("sluice:a!b", "sluice:!/p1", "sluice:a!/b!/c", "sluice:a#b", "sluice:%ff!/")) {
            assertThatThrownBy(() -> Path.of(URI.create(wrong))).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> FileSystems.getFileSystem(URI.create("sluice:nothing")))
                .isInstanceOf(FileSystemNotFoundException.class);
        assertThatThrownBy(() -> Path.of(URI.create("sluice:nothing!/disk")))
                .isInstanceOf(FileSystemNotFoundException.class)
                .hasMessageContaining("'nothing'");
    }

    @Test
    void matchersAndFiltersFindPartitions() throws IOException {
        try (Disk disk = partitioned();
                DirectoryStream<Path> found = Files.newDirectoryStream(disk.path("/"), "p[0-9]")) {
            assertThat(found).containsExactly(disk.path("/p1"), disk.path("/p3"));
            assertThat(disk.fileSystem().getPathMatcher("glob:/by-*/*").matches(disk.path("/by-label/data")))
                    .isTrue();
            assertThat(disk.fileSystem().getPathMatcher("regex:/p\\d").matches(disk.path("/disk")))
                    .isFalse();
        }
    }

    @Test
    void nothingIsMadeMovedOrDeleted() throws IOException {
        try (Disk disk = partitioned()) {
            Path there = disk.path("/p1");
            Path missing = disk.path("/p9");
            assertThatThrownBy(() -> Files.createFile(there)).isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> Files.createFile(missing))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("no file can be made");
            assertThatThrownBy(() -> Files.writeString(missing, "x")).hasMessageContaining("no file can be made");
            assertThatThrownBy(() -> Files.readString(missing)).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> Files.createDirectory(missing)).isInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> Files.createDirectory(there)).isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> Files.delete(there)).isInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> Files.delete(missing)).isInstanceOf(NoSuchFileException.class);
            assertThat(Files.deleteIfExists(missing)).isFalse();
            assertThatThrownBy(() -> Files.move(there, missing)).isInstanceOf(FileSystemException.class);
            assertThatThrownBy(
                            () -> FileChannel.open(there, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> FileChannel.open(there, StandardOpenOption.READ, StandardOpenOption.APPEND))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Files.newByteChannel(disk.path("/by-label")))
                    .hasMessageContaining("directory");
            assertThat(Files.isWritable(there)).isTrue();
            assertThat(Files.isExecutable(there)).isFalse();
            assertThat(Files.isWritable(disk.path("/info"))).isFalse();
        }
    }

    @Test
    void whatIsOpenedToReadOnlyIsNotWritten() throws IOException {
        try (Disk disk = Disk.small("writeable", "no")) {
            assertThat(disk.fileSystem().isReadOnly()).isTrue();
            assertThatThrownBy(disk::open)
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("writeable=yes");
            assertThatThrownBy(() ->
                            disk.fileSystem().provider().checkAccess(disk.all(), AccessMode.READ, AccessMode.WRITE))
                    .isInstanceOf(AccessDeniedException.class);
            assertThat(Files.readAllBytes(disk.all())).hasSize(1 << 20);
        }
    }

    @Test
    void aPartitionIsCopiedOverAnotherThatIsLargeEnough() throws IOException {
        try (Disk disk = partitioned()) {
            Path large = disk.path("/p1");
            Path little = disk.path("/p3");
            Files.write(little, Disk.pattern(51_200, 4).array());
            assertThatThrownBy(() -> Files.copy(little, large)).isInstanceOf(FileAlreadyExistsException.class);
            Files.copy(little, large, StandardCopyOption.REPLACE_EXISTING);
            assertThat(Files.readAllBytes(large))
                    .startsWith(Disk.pattern(51_200, 4).array());
            assertThatThrownBy(() -> Files.copy(large, little, StandardCopyOption.REPLACE_EXISTING))
                    .hasMessageContaining("do not fit");
            Files.copy(large, large, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void severalDevicesHaveADirectoryEach() throws IOException {
        try (RamDevice one = new RamDevice("one", 512, 100);
                RamDevice two = new RamDevice("two", 4096, 50);
                FileSystem all = FileSystems.newFileSystem(
                        URI.create("sluice:several"), Map.of("device", Map.of("n1", one, "n2", two)))) {
            assertThat(Files.size(all.getPath("/n1/disk"))).isEqualTo(51_200);
            assertThat(Files.readString(all.getPath("/n2/block_size"))).isEqualTo("4096\n");
            assertThat(Files.getFileStore(all.getPath("/n2")).name()).isEqualTo("two");
        }
    }

    @Test
    void closingClosesChannelsAndWhatComesLaterIsRefused() throws IOException {
        RamDevice ram = new RamDevice("ram", 512, 100);
        FileSystem fileSystem = FileSystems.newFileSystem(URI.create("sluice:closing"), Map.of("device", ram));
        assertThatThrownBy(() -> FileSystems.newFileSystem(URI.create("sluice:closing"), Map.of("device", ram)))
                .isInstanceOf(FileSystemAlreadyExistsException.class);
        FileChannel channel = FileChannel.open(fileSystem.getPath("/disk"));
        fileSystem.close();
        fileSystem.close();
        assertThat(fileSystem.isOpen()).isFalse();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> Files.size(fileSystem.getPath("/disk"))).isInstanceOf(ClosedFileSystemException.class);
        assertThatThrownBy(fileSystem::newWatchService).isInstanceOf(ClosedFileSystemException.class);
        // What was given stays open, and the name is free again.
        try (ram;
                FileSystem again = FileSystems.newFileSystem(URI.create("sluice:closing"), Map.of("device", ram))) {
            assertThat(Files.readAllBytes(again.getPath("/disk"))).hasSize(51_200);
        }
    }

    @Test
    void sessionsAreGivenBackWithTheLastChannel() throws IOException {
        CountedDevice device = new CountedDevice();
        try (Disk disk = Disk.of(device)) {
            assertThat(device.open.size()).isZero();
            FileChannel one = disk.open();
            try (FileChannel two = disk.open()) {
                assertThat(device.open.size()).isEqualTo(1);
                one.close();
                assertThat(two.read(ByteBuffer.allocate(10), 0)).isEqualTo(10);
                assertThat(device.open.size()).isEqualTo(1);
            }
            assertThat(device.open.size()).isZero();
        }
    }

    /** Knows which sessions are open. */
    private static final class CountedDevice implements BlockDevice {
        private final RamDevice ram = new RamDevice("counted", 512, 100);
        private final List<BlockSession> open = new ArrayList<>();

        @Override
        public String name() {
            return ram.name();
        }

        @Override
        public Geometry geometry() {
            return ram.geometry();
        }

        @Override
        public BlockSession open(SessionOptions options) throws IOException {
            BlockSession session = ram.open(options);
            BlockSession counted = (BlockSession) Proxy.newProxyInstance(
                    BlockSession.class.getClassLoader(),
                    new Class<?>[] {BlockSession.class},
                    (self, method, arguments) -> {
                        if (method.getName().equals("close")) {
                            open.remove(session);
                        }
                        return method.invoke(session, arguments);
                    });
            open.add(session);
            return counted;
        }

        @Override
        public void close() throws IOException {
            ram.close();
        }
    }

    @Test
    void watchersHearOfPartitionsThatComeAndGo() throws Exception {
        try (Disk disk = partitioned("watch_interval", "10ms");
                WatchService watcher = disk.fileSystem().newWatchService()) {
            disk.path("/").register(watcher, ENTRY_CREATE, ENTRY_DELETE);
            new GptDisk(512)
                    .partition(1, 100, 1099, "data")
                    .partition(4, 3000, 3099, "new")
                    .write(disk.all());
            List<String> heard = new ArrayList<>();
            while (heard.size() < 2) {
                WatchKey key = watcher.poll(30, TimeUnit.SECONDS);
                assertThat(key).isNotNull();
                for (WatchEvent<?> event : key.pollEvents()) {
                    heard.add(event.kind() + " " + event.context());
                }
                assertThat(key.reset()).isTrue();
            }
            assertThat(heard).containsExactlyInAnyOrder("ENTRY_DELETE p3", "ENTRY_CREATE p4");
            assertThat(Files.size(disk.path("/p4"))).isEqualTo(51_200);
        }
    }

    @Test
    @SuppressWarnings("try") // Closing it early is what is tested.
    void watchersHearThatADeviceIsGone() throws Exception {
        try (Disk disk = partitioned("watch_interval", "10ms");
                WatchService watcher = disk.fileSystem().newWatchService()) {
            disk.path("/").register(watcher, ENTRY_DELETE);
            disk.device().close();
            WatchKey key = watcher.poll(30, TimeUnit.SECONDS);
            assertThat(key).isNotNull();
            assertThat(key.pollEvents())
                    .extracting(event -> event.context().toString())
                    .contains("disk", "p1", "p3");
            assertThat(Files.exists(disk.all())).isFalse();
            watcher.close();
            assertThatThrownBy(watcher::poll).isInstanceOf(ClosedWatchServiceException.class);
            assertThat(key.isValid()).isFalse();
        }
    }

    @Test
    void aDirectoryThatWasGoneIsWatchedAgain() throws Exception {
        try (Disk disk = partitioned("watch_interval", "10ms");
                WatchService watcher = disk.fileSystem().newWatchService()) {
            Path types = disk.path("/by-type/" + GptDisk.LINUX.toString().toUpperCase(Locale.ROOT));
            WatchKey first = types.register(watcher, ENTRY_CREATE, ENTRY_DELETE);
            new GptDisk(512).write(disk.all());
            assertThat(watcher.poll(30, TimeUnit.SECONDS)).isSameAs(first);
            assertThat(first.reset()).as("its directory is gone").isFalse();
            WatchKey root = disk.path("/").register(watcher, ENTRY_CREATE);
            new GptDisk(512).partition(1, 100, 1099, "data").write(disk.all());
            assertThat(watcher.poll(30, TimeUnit.SECONDS)).isSameAs(root);
            WatchKey again = types.register(watcher, ENTRY_CREATE, ENTRY_DELETE);
            assertThat(again.isValid()).isTrue();
            new GptDisk(512)
                    .partition(1, 100, 1099, "data")
                    .partition(2, 1100, 1199, "more")
                    .write(disk.all());
            assertThat(root.reset()).isTrue();
            WatchKey told = watcher.poll(30, TimeUnit.SECONDS);
            while (told == root) {
                told = watcher.poll(30, TimeUnit.SECONDS);
            }
            assertThat(told).isSameAs(again);
            assertThat(again.pollEvents())
                    .singleElement()
                    .extracting(event -> event.context().toString())
                    .isEqualTo("p2");
        }
    }
}
