package io.sluice.block.statistics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Which process, among all that this machine ever ran since it booted.
 *
 * @param pid its number
 * @param startTicks when it started, clock ticks since boot, so that a later process with the same number is another
 * @param namespace the namespace that the number belongs to (pid_namespaces(7)): in another it means nothing, or another process
 */
public record ProcessIdentity(long pid, long startTicks, long namespace) {
    /** The starttime of proc(5) is field 22; the two before the command's closing bracket are gone, and the next is field 3. */
    private static final int START_FIELD = 22 - 3;

    private static final Path PROC = Path.of("/proc");

    /** This process. */
    public static ProcessIdentity current() throws IOException {
        return of(ProcessHandle.current().pid());
    }

    /**
     * A process that is there now.
     *
     * @throws NoSuchFileException when there is none of this number
     */
    static ProcessIdentity of(long pid) throws IOException {
        return new ProcessIdentity(pid, startTicks(pid), currentNamespace());
    }

    /** A name for a file that no other process uses. */
    String fileName() {
        return namespace + "-" + pid;
    }

    /** Whether its number means here what it says. */
    boolean isOfThisNamespace() throws IOException {
        return namespace == currentNamespace();
    }

    /** Whether a process of this namespace has ended. */
    boolean hasEnded() throws IOException {
        try {
            return startTicks(pid) != startTicks;
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    private static long startTicks(long pid) throws IOException {
        Path file = PROC.resolve(pid + "/stat");
        String stat = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        // The command, in brackets, may hold spaces and brackets.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        if (fields.length <= START_FIELD) {
            throw new IOException(file + " has " + (fields.length + 2) + " fields, expected at least 22");
        }
        return Long.parseLong(fields[START_FIELD]);
    }

    private static long currentNamespace() throws IOException {
        // A link to pid:[4026531836].
        String link = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
        return Long.parseLong(link.replaceAll("\\D", ""));
    }
}
