package io.sluice.block;

import java.io.Closeable;
import java.io.IOException;

/**
 * Bytes that a device made of software keeps. Positions and lengths were checked by the caller. Several threads may call at once; what they
 * do to overlapping ranges at the same time is not defined, but harms no others.
 */
interface Store extends Closeable {
    /** Moves stored bytes into memory. */
    void read(long position, StoreMemory memory, int offset, int length) throws IOException;

    /** Moves memory into the store. */
    void write(long position, StoreMemory memory, int offset, int length) throws IOException;

    /** Makes bytes read as zero. */
    void zero(long position, long length) throws IOException;

    /** Bytes that are not needed any more: may do something or nothing. */
    void discard(long position, long length) throws IOException;

    /** Returns when everything that was changed before survives a loss of power. */
    void force() throws IOException;
}
