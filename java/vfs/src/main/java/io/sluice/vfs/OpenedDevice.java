package io.sluice.vfs;

import io.sluice.block.BlockDevice;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A device, and what is known of it that blocks do not tell.
 *
 * @param facts gives values by name, such as {@code model} and {@code serial}, which become attributes ({@code block:model}) and lines of {@code info}; asked each time, on the thread that wants
 *     to know
 */
public record OpenedDevice(BlockDevice device, Supplier<Map<String, Object>> facts) implements Closeable {
    /** A device of which nothing more is known. */
    public static OpenedDevice of(BlockDevice device) {
        return new OpenedDevice(device, Map::of);
    }

    @Override
    public void close() throws IOException {
        device.close();
    }
}
