package io.sluice.vfs;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** The views basic, owner and posix of a path. Nothing can be changed through them: owner, group and permissions are those that the file system was opened with. */
final class NodeView implements PosixFileAttributeView {
    private final SluicePath path;
    private final String name;

    NodeView(SluicePath path, String name) {
        this.path = path;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public BlockAttributes readAttributes() throws IOException {
        return SluiceFileSystemProvider.attributes(path);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
        return readAttributes().owner();
    }

    @Override
    public void setTimes(FileTime modified, FileTime accessed, FileTime created) throws IOException {
        throw SluiceFileSystem.fixed(path, "times cannot be set");
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
        throw SluiceFileSystem.fixed(path, "the owner cannot be set");
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
        throw SluiceFileSystem.fixed(path, "the group cannot be set");
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
        throw SluiceFileSystem.fixed(path, "permissions cannot be set");
    }
}
