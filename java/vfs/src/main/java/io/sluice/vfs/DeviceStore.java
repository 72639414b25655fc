package io.sluice.vfs;

import io.sluice.block.BlockDevice;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import org.jspecify.annotations.Nullable;

/** A device as a store. All of its space is taken: files are windows of it, and none can be made. */
final class DeviceStore extends FileStore {
    private final BlockDevice device;
    private final Settings settings;

    DeviceStore(BlockDevice device, Settings settings) {
        this.device = device;
        this.settings = settings;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public String type() {
        return SluiceFileSystemProvider.SCHEME;
    }

    @Override
    public boolean isReadOnly() {
        return !settings.writeable() || !device.geometry().writeable();
    }

    @Override
    public long getTotalSpace() {
        int shift = device.geometry().blockShift();
        return Math.min(device.geometry().blockCount(), Long.MAX_VALUE >> shift) << shift;
    }

    @Override
    public long getUsableSpace() {
        return 0;
    }

    @Override
    public long getUnallocatedSpace() {
        return 0;
    }

    @Override
    public long getBlockSize() {
        return device.geometry().blockBytes();
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return type == BasicFileAttributeView.class
                || type == FileOwnerAttributeView.class
                || type == PosixFileAttributeView.class;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return BlockAttributes.VIEWS.contains(name);
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) {
        return switch (attribute) {
            case "totalSpace" -> getTotalSpace();
            case "usableSpace" -> getUsableSpace();
            case "unallocatedSpace" -> getUnallocatedSpace();
            case "blockSize" -> getBlockSize();
            default ->
                throw new UnsupportedOperationException(
                        "'" + attribute + "': there are totalSpace, usableSpace, unallocatedSpace, blockSize");
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeviceStore store && store.device == device;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(device);
    }

    @Override
    public String toString() {
        return name() + " (" + type() + ")";
    }
}
