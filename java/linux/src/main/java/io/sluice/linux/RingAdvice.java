package io.sluice.linux;

import java.io.IOException;
import java.nio.file.Path;
import jnr.constants.platform.Errno;

/** Says why the kernel gives no ring, and what to do. */
final class RingAdvice {
    private static final String DISABLED = "proc/sys/kernel/io_uring_disabled";

    private RingAdvice() {}

    /**
     * The message for an error number of {@code io_uring_setup(2)}.
     *
     * @param root what holds {@code proc}
     */
    static String of(int number, RingOptions options, Path root) throws IOException {
        return switch (Errno.valueOf(number)) {
            case ENOSYS -> "this kernel has no io_uring: use Linux 5.11 or later, built with CONFIG_IO_URING";
            case EPROTO -> "the io_uring of this kernel is too old: use Linux 5.11 or later";
            case EPERM -> forbidden(Attributes.text(root.resolve(DISABLED)).orElse("0"));
            case EINVAL ->
                options.largeEntries()
                        ? "this kernel has no io_uring commands, which NVMe character devices need: use Linux 5.19 or later, or"
                                + " the block device"
                        : "this kernel's io_uring has not what was asked for: "
                                + (options.devicePolling() ? "polling of the device" : "polling of the queue");
            case ENOMEM ->
                "there is no memory for an io_uring of " + options.entries()
                        + " entries: raise the limit of locked memory (ulimit -l), or use a smaller queue depth";
            case EMFILE, ENFILE ->
                "there is no descriptor left for an io_uring: raise the limit of open files (ulimit -n)";
            default -> "the kernel gives no io_uring: " + LinuxException.describe(number);
        };
    }

    private static String forbidden(String disabled) {
        return switch (disabled) {
            case "1" ->
                "io_uring is forbidden to this user (kernel.io_uring_disabled is 1): run as root or as a member of the group"
                        + " kernel.io_uring_group, or set kernel.io_uring_disabled to 0";
            case "2" ->
                "io_uring is forbidden on this machine (kernel.io_uring_disabled is 2): set it to 0 (sysctl -w"
                        + " kernel.io_uring_disabled=0)";
            default ->
                "io_uring is forbidden to this process, by a seccomp filter as containers have: allow io_uring_setup,"
                        + " io_uring_enter and io_uring_register in it (docker run --security-opt seccomp=unconfined)";
        };
    }
}
