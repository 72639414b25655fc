package io.sluice.linux;

/** The functions of {@code sluice.h} on event descriptors; results below 0 are {@code -errno}. */
final class EventShim {
    private EventShim() {}

    static native int create();

    static native int await(int fd, long timeoutNanos);

    static native int signal(int fd);
}
