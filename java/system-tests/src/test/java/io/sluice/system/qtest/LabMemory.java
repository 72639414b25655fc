package io.sluice.system.qtest;

import io.sluice.pci.DmaMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/** The memory of a machine without a guest, handed out page by page. Any thread. */
final class LabMemory {
    static final int BYTES = 512 << 20;
    /** Below lie the holes of a PC: video memory, option ROMs. */
    private static final int FIRST = 1 << 20;

    private static final int PAGE = 4096;

    private final ByteBuffer memory;
    /** Free ranges: start to length. */
    private final TreeMap<Integer, Integer> free = new TreeMap<>();

    LabMemory(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
        }
        free.put(FIRST, BYTES - FIRST);
    }

    DmaMemory allocate(long bytes) throws IOException {
        if (bytes < 1 || bytes > 1 << 30) {
            throw new IllegalArgumentException(bytes + " bytes of memory: expected 1 to 2^30");
        }
        int length = (int) (bytes + PAGE - 1 & -PAGE);
        int start = take(length);
        ByteBuffer range = memory.slice(start, length);
        range.put(0, new byte[length]);
        return new DmaMemory(range, start, () -> giveBack(start, length));
    }

    private synchronized int take(int length) throws IOException {
        Map.Entry<Integer, Integer> fit = free.entrySet().stream()
                .filter(range -> range.getValue() >= length)
                .findFirst()
                .orElseThrow(() ->
                        new IOException("the lab's memory of " + BYTES + " bytes has no range of " + length + " left"));
        int start = fit.getKey();
        int left = fit.getValue() - length;
        free.remove(start);
        if (left > 0) {
            free.put(start + length, left);
        }
        return start;
    }

    private synchronized void giveBack(int start, int length) {
        int from = start;
        int bytes = length;
        Map.Entry<Integer, Integer> before = free.lowerEntry(start);
        if (before != null && before.getKey() + before.getValue() == start) {
            from = before.getKey();
            bytes += before.getValue();
        }
        Integer after = free.remove(start + length);
        free.put(from, bytes + (after == null ? 0 : after));
    }
}
