package io.sluice.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The functions of the C library that need no C of ours, by jnr-ffi; results below 0 mean {@link #errno}. Loading takes
 * seconds on a slow machine, so it happens at the first call and nothing on the way to an opened device makes one.
 */
public interface Libc {
    int sched_setaffinity(int pid, @size_t long bytes, @In byte[] mask);

    int sched_getaffinity(int pid, @size_t long bytes, @Out byte[] mask);

    int getrlimit(int resource, @Out long[] limits);

    int setrlimit(int resource, @In long[] limits);

    int memfd_create(String name, int flags);

    int ftruncate(int fd, long bytes);

    int mlockall(int flags);

    int munlockall();

    int socketpair(int domain, int type, int protocol, @Out int[] descriptors);

    @ssize_t
    long sendmsg(int socket, Pointer message, int flags);

    @ssize_t
    long recvmsg(int socket, Pointer message, int flags);

    /** The C library of this process. */
    static Libc get() {
        return Loaded.LIBC;
    }

    /** The error number of this thread's last call. */
    static int errno() {
        return Loaded.RUNTIME.getLastError();
    }

    /** Defers the loading to the first use. */
    final class Loaded {
        static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

        private Loaded() {}
    }
}
