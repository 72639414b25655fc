/**
 * Devices and partitions as files of {@code java.nio.file}: {@link io.sluice.vfs.SluiceFileSystemProvider} is found by the JDK itself, so that programs
 * that know nothing of blocks open them by path ({@code sluice:DEVICE!/p1}), and read and write any bytes through channels and streams.
 * A channel stands on a session of {@code io.sluice.block}; threads that use one file take turns at owning its session, so that no request waits for a thread
 * other than its own. Every program may call it; it calls {@code block} and {@code partition}.
 */
@NullMarked
package io.sluice.vfs;

import org.jspecify.annotations.NullMarked;
