package io.sluice.vfs;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Globs as {@link java.nio.file.FileSystem#getPathMatcher} describes them, for names with slashes between them. The default file system's are not used: what its
 * paths can hold is up to the locale, and a label on a disk is not.
 */
final class Glob {
    private static final String NO_SLASH = "[^/]";

    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private boolean inGroup;

    private Glob(String glob) {
        this.glob = glob;
    }

    /**
     * What matches the same.
     *
     * @throws PatternSyntaxException when it is none
     */
    static Pattern pattern(String glob) {
        return new Glob(glob).pattern();
    }

    private Pattern pattern() {
        while (at < glob.length()) {
            char next = glob.charAt(at++);
            switch (next) {
                case '*' -> star();
                case '?' -> regex.append(NO_SLASH);
                case '[' -> bracket();
                case '{' -> begin();
                case '}' -> end();
                case ',' -> regex.append(inGroup ? "|" : ",");
                case '\\' -> literal(escaped());
                default -> literal(next);
            }
        }
        if (inGroup) {
            throw wrong("a group has no '}'");
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private void star() {
        boolean crosses = at < glob.length() && glob.charAt(at) == '*';
        if (crosses) {
            at++;
        }
        regex.append(crosses ? ".*" : NO_SLASH + "*");
    }

    private void begin() {
        if (inGroup) {
            throw wrong("groups cannot be within groups");
        }
        inGroup = true;
        regex.append("(?:");
    }

    private void end() {
        literalOr(inGroup, '}', ")");
        inGroup = false;
    }

    private void literalOr(boolean special, char plain, String meaning) {
        if (special) {
            regex.append(meaning);
        } else {
            literal(plain);
        }
    }

    private char escaped() {
        if (at == glob.length()) {
            throw wrong("nothing is behind the '\\'");
        }
        return glob.charAt(at++);
    }

    private void literal(char character) {
        if ("\\[](){}.^$|?*+&-".indexOf(character) >= 0) {
            regex.append('\\');
        }
        regex.append(character);
    }

    /** Within brackets {@code * ? \} mean themselves, {@code !} in front all others, and {@code -} in front or at the end itself. */
    private void bracket() {
        boolean others = at < glob.length() && glob.charAt(at) == '!';
        int from = others ? at + 1 : at;
        int close = glob.indexOf(']', from);
        if (close <= from) {
            throw wrong(close < 0 ? "a '[' has no ']'" : "nothing is within brackets");
        }
        if (glob.substring(from, close).indexOf('/') >= 0) {
            throw wrong("a '/' cannot be within brackets");
        }
        regex.append('[').append(NO_SLASH).append("&&[").append(others ? "^" : "");
        for (int i = from; i < close; i++) {
            char first = glob.charAt(i);
            literal(first);
            if (i + 2 < close && glob.charAt(i + 1) == '-') {
                char last = glob.charAt(i + 2);
                if (last < first) {
                    throw wrong("the range " + first + '-' + last + " has nothing in it");
                }
                regex.append('-');
                literal(last);
                i += 2;
            }
        }
        regex.append("]]");
        at = close + 1;
    }

    private PatternSyntaxException wrong(String why) {
        return new PatternSyntaxException(why, glob, at - 1);
    }
}
