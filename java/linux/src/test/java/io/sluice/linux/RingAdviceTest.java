package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingAdviceTest {
    private static final RingOptions OPTIONS = RingOptions.ofEntries(128);

    @TempDir
    Path root;

    private MachineTree tree;

    @BeforeEach
    void makeTree() {
        tree = new MachineTree(root);
    }

    private String advice(Errno errno) throws IOException {
        return RingAdvice.of(errno.intValue(), OPTIONS, root);
    }

    @Test
    void whatForbidsItIsNamed() throws IOException {
        assertThat(advice(Errno.EPERM)).contains("seccomp");
        tree.file("proc/sys/kernel/io_uring_disabled", "0");
        assertThat(advice(Errno.EPERM)).contains("seccomp");
        tree.file("proc/sys/kernel/io_uring_disabled", "1");
        assertThat(advice(Errno.EPERM)).contains("io_uring_disabled is 1").contains("io_uring_group");
        tree.file("proc/sys/kernel/io_uring_disabled", "2");
        assertThat(advice(Errno.EPERM)).contains("sysctl -w kernel.io_uring_disabled=0");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertThat(advice(Errno.ENOSYS)).contains("CONFIG_IO_URING");
        assertThat(advice(Errno.EPROTO)).contains("Linux 5.11");
        assertThat(advice(Errno.ENOMEM)).contains("128 entries").contains("ulimit -l");
        assertThat(advice(Errno.EMFILE)).contains("ulimit -n");
        assertThat(advice(Errno.EFAULT)).contains("EFAULT");
        assertThat(RingAdvice.of(Errno.EINVAL.intValue(), OPTIONS.largeEntries(true), root))
                .contains("5.19");
        assertThat(RingAdvice.of(Errno.EINVAL.intValue(), OPTIONS.devicePolling(true), root))
                .contains("polling of the device");
    }
}
