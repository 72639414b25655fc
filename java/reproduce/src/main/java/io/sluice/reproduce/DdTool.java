package io.sluice.reproduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures with {@code dd}: copies the drive's beginning as often as it takes to fill the time; a first, short copy tells how much that is. */
final class DdTool {
    /** "1048576 bytes (1.0 MB, 1.0 MiB) copied, 0.01 s, 105 MB/s": the last line of dd, both dd's. */
    private static final Pattern COPIED = Pattern.compile("^(\\d+) bytes .*copied, ([0-9.e+-]+) s,", Pattern.MULTILINE);

    private static final long FIRST_BYTES = 1 << 20;
    private static final long MOST_BYTES = 1 << 30;
    private static final double MEGA = 1e6;

    private final Tools tools;

    DdTool(Tools tools) {
        this.tools = tools;
    }

    private record Pass(long bytes, double seconds) {
        double rate() {
            return bytes / seconds;
        }
    }

    Taken take(Recipe.Copy recipe, String drive, Pace pace) throws IOException {
        long blockBytes = Sizes.bytes(recipe.blockSize());
        double wanted = pace.runMillis() / 1e3;
        double rate = pass(recipe, drive, Math.max(1, FIRST_BYTES / blockBytes)).rate();
        long most = 0;
        long bytes = 0;
        double seconds = 0;
        do {
            double left = Math.min(MOST_BYTES, rate * (wanted - seconds));
            long count = Math.max(1, Math.round(left / blockBytes));
            most = Math.max(most, count);
            Pass pass = pass(recipe, drive, count);
            bytes += pass.bytes();
            seconds += pass.seconds();
            rate = pass.rate();
        } while (seconds < wanted);
        return new Taken(bytes / seconds / MEGA, Map.of(), Tools.typed(recipe.reach(), command(recipe, drive, most)));
    }

    private Pass pass(Recipe.Copy recipe, String drive, long count) throws IOException {
        String said = tools.run(recipe.reach(), command(recipe, drive, count))[1];
        Matcher matcher = COPIED.matcher(said);
        if (!matcher.find()) {
            throw new IOException("dd said nothing of how much it copied: " + said.strip());
        }
        Pass pass = new Pass(Long.parseLong(matcher.group(1)), Double.parseDouble(matcher.group(2)));
        if (pass.bytes() == 0 || pass.seconds() <= 0) {
            throw new IOException("dd copied nothing: " + said.strip());
        }
        return pass;
    }

    private static List<String> command(Recipe.Copy recipe, String drive, long count) {
        List<String> command = new ArrayList<>(List.of("dd"));
        command.add("if=" + drive);
        command.add("of=/dev/null");
        command.add("bs=" + recipe.blockSize());
        command.add("count=" + count);
        if (recipe.reach() == Reach.NODE) {
            command.add("iflag=direct");
        }
        command.addAll(recipe.options());
        return command;
    }
}
