package io.sluice.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Where dd reads. */
interface DdSource extends Closeable {
    /** What messages call it. */
    String name();

    /** How many bytes there are from here to the end, where that is known before. */
    OptionalLong remaining() throws IOException;

    /**
     * The next record, from position to limit, good until the next call; it may be shorter than asked for.
     *
     * @param bytes wanted, at most the size of a record
     * @return null at the end
     * @throws IOException when it cannot be read; the next call goes on behind it
     */
    @Nullable
    ByteBuffer read(int bytes) throws IOException;
}
