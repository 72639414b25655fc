package io.sluice.system.guest;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** This JVM's class path, less what the guest has no use for: where each entry comes from, and where it is in the guest. */
final class GuestClassPath {
    /** What starts guests, and what reads class files: tens of megabytes that would be loaded into the guest's memory. */
    private static final Pattern UNUSED = Pattern.compile(
            "(testcontainers|docker-java|duct-tape|archunit|byte-buddy|commons-|jsvg-|slf4j-|annotations-|junit-4|hamcrest|surefire).*");

    private GuestClassPath() {}

    /** Paths in the guest, below /payload, to paths here. */
    static Map<String, Path> entries() {
        Map<String, Path> entries = new LinkedHashMap<>();
        // Surefire starts the JVM with a jar that only names the class path.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(File.pathSeparator)) {
            Path path = Path.of(entry).toAbsolutePath();
            String name = path.getFileName().toString();
            if (Files.exists(path) && !UNUSED.matcher(name).matches()) {
                entries.put("lib/" + entries.size() + "-" + name, path);
            }
        }
        return entries;
    }

    /** The value of java's -cp in the guest. */
    static String inGuest() {
        List<String> paths = new ArrayList<>();
        entries().keySet().forEach(entry -> paths.add("/payload/" + entry));
        return String.join(":", paths);
    }
}
