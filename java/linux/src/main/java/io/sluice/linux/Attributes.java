package io.sluice.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads sysfs directories: attributes are small text files, relations are links. What is not there is empty, since devices
 * come and go while one looks; any other failure is an exception.
 */
final class Attributes {
    private Attributes() {}

    /** The text of an attribute without the line end and padding; empty when it is not there or the device is gone. */
    static Optional<String> text(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return Optional.empty();
        }
    }

    /** A number, decimal or with 0x before it; empty when it is not there. */
    static Optional<Integer> number(Path file) throws IOException {
        return text(file).map(Integer::decode);
    }

    /** The last part of what a link names; empty when there is no link. */
    static Optional<String> linkName(Path link) throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(link).getFileName().toString());
        } catch (NoSuchFileException | NotLinkException | NotDirectoryException gone) {
            return Optional.empty();
        }
    }

    /** The same where that is a number: an IOMMU group. */
    static OptionalInt linkNumber(Path link) throws IOException {
        return present(linkName(link).map(Integer::valueOf));
    }

    static OptionalInt present(Optional<Integer> number) {
        return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
    }

    /** The names in a directory, sorted; none when it is not there. */
    static List<String> names(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return List.of();
        }
        names.sort(null);
        return names;
    }
}
