package io.sluice.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the C library that need no C of ours, by jnr-ffi. Loading it takes seconds on a slow machine, so that happens
 * at the first call and nothing on the way to an opened device makes one.
 */
final class Libc {
    private Libc() {}

    /** The functions by their names; results below 0 mean {@link #errno}. Public for the class that jnr-ffi generates. */
    public interface Calls {
        int sched_setaffinity(int pid, @size_t long bytes, @In long[] mask);

        int sched_getaffinity(int pid, @size_t long bytes, @Out long[] mask);

        int getrlimit(int resource, @Out long[] limits);

        int setrlimit(int resource, @In long[] limits);

        int memfd_create(String name, int flags);

        int ftruncate(int fd, long bytes);

        int mlockall(int flags);

        int munlockall();

        int poll(@In @Out short[] descriptors, long count, int timeoutMillis);

        int socket(int domain, int type, int protocol);

        int socketpair(int domain, int type, int protocol, @Out int[] descriptors);

        int bind(int socket, @In byte[] address, int bytes);

        int listen(int socket, int backlog);

        int connect(int socket, @In byte[] address, int bytes);

        int accept4(int socket, @Nullable Pointer address, @Nullable Pointer bytes, int flags);

        int shutdown(int socket, int how);

        int getsockopt(int socket, int level, int option, @Out int[] value, @In @Out int[] bytes);

        int setsockopt(int socket, int level, int option, @In long[] value, int bytes);

        int fchmod(int fd, int mode);

        int open(String path, int flags);

        int flock(int fd, int operation);

        int fcntl(int fd, int command, int argument);

        int fstatfs(int fd, @Out long[] status);

        int statx(int directory, String path, int flags, int mask, @Out byte[] status);

        @ssize_t
        long sendmsg(int socket, Pointer message, int flags);

        @ssize_t
        long recvmsg(int socket, Pointer message, int flags);
    }

    static Calls calls() {
        return Loaded.CALLS;
    }

    static Runtime runtime() {
        return Loaded.RUNTIME;
    }

    /** The error number of this thread's last call. */
    static int errno() {
        return Loaded.RUNTIME.getLastError();
    }

    /** A result as {@link Descriptor#call} expects it: {@code -errno} where it is below 0. */
    static long result(long result) {
        return result < 0 ? -errno() : result;
    }

    /** Makes the exception of a result below 0; hands through any other. */
    static long check(String call, String subject, long result) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(call, subject, errno());
        }
        return result;
    }

    /** Defers the loading to the first use. */
    private static final class Loaded {
        static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(CALLS);
    }
}
