package io.sluice.cli;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A terminal that a table is drawn on again and again, on its second screen, so that what was there comes back; keys are seen as they are typed. Closing it
 * gives it back as it was.
 */
final class Terminal implements Closeable {
    private static final File TTY = new File("/dev/tty");
    /** The second screen (xterm's 1049), no cursor, no wrapping of long lines. */
    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l";

    private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";
    private static final String HOME = "\033[H";
    private static final String WIPE_LINE = "\033[K";
    private static final String WIPE_BELOW = "\033[J";
    private static final int DEFAULT_LINES = 24;

    private final OutputStream out;
    private final InputStream in;
    /** What stty wants to hear to make the terminal what it was; null when it could not be asked: then keys need a line feed. */
    private final @Nullable String settings;

    private final Thread atExit = new Thread(this::restore, "terminal");

    private Terminal(InputStream in, OutputStream out) throws IOException {
        this.in = in;
        this.out = out;
        this.settings = stty("-g");
        if (settings != null) {
            stty("-icanon", "-echo");
        }
        Runtime.getRuntime().addShutdownHook(atExit);
        write(ENTER);
    }

    static Terminal open(InputStream in, OutputStream out) throws IOException {
        return new Terminal(in, out);
    }

    /** Whether a descriptor of this process is a terminal. {@link System#console} would want all three to be, and loads much. */
    static boolean isAt(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** Draws over what is there; what has no room on the screen is left out. */
    void draw(String text) throws IOException {
        StringBuilder screen = new StringBuilder(HOME);
        String[] lines = text.split("\n", -1);
        int room = lines();
        for (int i = 0; i < Math.min(lines.length, room); i++) {
            screen.append(i == 0 ? "" : "\r\n").append(lines[i]).append(WIPE_LINE);
        }
        write(screen.append(WIPE_BELOW).toString());
    }

    private static int lines() throws IOException {
        String size = stty("size");
        try {
            int lines = size == null ? 0 : Integer.parseInt(size.split(" ")[0]);
            return lines > 0 ? lines : DEFAULT_LINES;
        } catch (NumberFormatException unknown) {
            return DEFAULT_LINES;
        }
    }

    /** The next key, if one was typed. */
    @Nullable
    Character key() throws IOException {
        return in.available() > 0 ? Character.valueOf((char) in.read()) : null;
    }

    /** What stty (1) says; null when there is none, or no terminal for it. */
    private static @Nullable String stty(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process stty = new ProcessBuilder(command)
                    .redirectInput(TTY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return stty.waitFor() == 0 ? said : null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void restore() {
        try {
            write(LEAVE);
            if (settings != null) {
                stty(settings);
            }
        } catch (IOException gone) {
            // With the terminal itself there is nothing left to restore.
        }
    }

    @Override
    public void close() {
        restore();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
