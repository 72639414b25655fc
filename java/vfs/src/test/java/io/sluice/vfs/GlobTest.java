package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Globs, beside those of the JDK for the file system of Linux. */
class GlobTest {
    private static final FileSystem LINUX = FileSystems.getDefault();

    private static boolean matches(String glob, String text) {
        return Glob.pattern(glob).matcher(text).matches();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "**",
                "/*",
                "/**",
                "?",
                "p?",
                "p[0-9]",
                "p[!1]",
                "p[^1]",
                "p[12-]",
                "p[-12]",
                "p[a&&b]",
                "p[\\]",
                "[*?]",
                "*.{img,raw}",
                "{p1,disk}",
                "{,p}1",
                "a{}b",
                "\\*",
                "\\{a",
                "a.b",
                "a+b",
                "(a|b)",
                "$a^",
                "a,b",
                "/by-*/*",
                "a}",
                "[[]",
                "[.]",
                "p[!-1]",
                "**/p1",
                "/**/p1",
                "p\\1",
                "{a.b,c+d}",
                "[#a]x",
                "a-b",
                "a&b",
                "{[ab],c}"
            })
    void theyMatchWhatThoseOfLinuxMatch(String glob) {
        for (String text : List.of(
                "",
                "a",
                "b",
                "c",
                "d",
                "e",
                "-",
                ".",
                "*",
                "?",
                "[",
                "p1",
                "p2",
                "p-",
                "p&",
                "p^",
                "p\\",
                "p",
                "1",
                "a.img",
                "x.raw",
                "x/y.raw",
                "disk",
                "ab",
                "a{}b",
                "{a",
                "a.b",
                "axb",
                "a+b",
                "aab",
                "(a|b)",
                "$a^",
                "a,b",
                "/by-label/a",
                "/by-label/a/b",
                "a}",
                "/p1",
                "/x/p1",
                "x/p1",
                "c+d",
                "#x",
                "ax",
                "a-b",
                "a&b",
                "/",
                "a/b")) {
            Path path = LINUX.getPath(text);
            // The JDK sees no name of nothing but slashes otherwise than as itself.
            assertThat(matches(glob, path.toString()))
                    .as("'%s' and '%s'", glob, text)
                    .isEqualTo(LINUX.getPathMatcher("glob:" + glob).matches(path));
        }
    }

    @Test
    void anyGlobThatLinuxUnderstandsMatchesTheSame() {
        long seed = 1;
        Random random = new Random(seed);
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            String glob = text(random, "ab-/*?[]{},!^\\.&1", 8);
            String text = text(random, "ab-/!^.&1]", 4);
            String what = "'" + glob + "' and '" + text + "', seed " + seed;
            boolean expected;
            try {
                expected = LINUX.getPathMatcher("glob:" + glob).matches(LINUX.getPath(text));
            } catch (PatternSyntaxException refused) {
                // It wants nothing of a range that has no end; here that is a character.
                continue;
            }
            understood++;
            assertThat(matches(glob, LINUX.getPath(text).toString())).as(what).isEqualTo(expected);
        }
        assertThat(understood).isGreaterThan(5000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[!", "[]", "[!]", "[a", "a\\", "{a", "{a,{b}}", "[a/b]", "[b-a]"})
    void whatIsNoneIsRefused(String glob) {
        assertThatThrownBy(() -> Glob.pattern(glob)).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> LINUX.getPathMatcher("glob:" + glob)).isInstanceOf(PatternSyntaxException.class);
    }

    private static String text(Random random, String characters, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    @Test
    void theyMatchLabelsInAnyScript() {
        assertThat(matches("Gr?\u00dfe*", "Gr\u00f6\u00dfe 1")).isTrue();
        assertThat(matches("?", "\ud83d\ude80"))
                .as("one character of two units")
                .isTrue();
        assertThat(matches("[\u00e4-\u00fc]", "\u00f6")).isTrue();
        assertThat(matches("{\u00e4,\u00f6}", "\u00fc")).isFalse();
    }
}
