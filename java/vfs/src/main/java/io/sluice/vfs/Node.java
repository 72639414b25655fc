package io.sluice.vfs;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;

/** What a path leads to. */
sealed interface Node {
    /** Bytes, 0 for a directory. */
    long size();

    /**
     * A directory.
     *
     * @param path from the root, for what has to tell two directories from each other
     */
    record Directory(String path, SortedMap<String, Node> entries) implements Node {
        @Override
        public long size() {
            return 0;
        }
    }

    /**
     * A device or a partition.
     *
     * @param facts what {@code block:} attributes say beyond what the file knows, by name
     */
    record Blocks(BlockFile file, Supplier<Map<String, Object>> facts) implements Node {
        @Override
        public long size() {
            return file.size();
        }
    }

    /** A text that can be read. */
    record Text(String path, Supplier<String> content) implements Node {
        byte[] bytes() {
            return content.get().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public long size() {
            return bytes().length;
        }
    }
}
