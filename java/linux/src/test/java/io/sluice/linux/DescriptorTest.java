package io.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;

class DescriptorTest {
    @Test
    void closedDescriptorRefusesEveryUse() throws IOException {
        Descriptor descriptor = Descriptor.open("/dev/null");
        descriptor.close();
        assertThat(descriptor.isClosed()).isTrue();
        assertThatThrownBy(descriptor::acquire).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> descriptor.call("read", fd -> 0)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void numberStaysOpenUntilItsLastUseEnds() throws IOException {
        Descriptor descriptor = Descriptor.open("/dev/null");
        int number = descriptor.acquire();
        descriptor.close();
        assertThat(target(number)).isEqualTo(Path.of("/dev/null"));
        descriptor.release();
        assertThat(descriptor.isClosed()).isTrue();
    }

    @Test
    void closingTwiceDoesNotCloseWhoGotTheNumberNext() throws IOException {
        Descriptor first = Descriptor.open("/dev/null");
        first.close();
        Descriptor second = Descriptor.open("/dev/zero");
        first.close();
        first.close();
        int number = second.acquire();
        assertThat(target(number)).isEqualTo(Path.of("/dev/zero"));
        second.release();
        second.close();
    }

    @Test
    void failureNamesCallSubjectAndError() {
        assertThatThrownBy(() -> Descriptor.open("/nowhere"))
                .isInstanceOf(LinuxException.class)
                .hasMessage("open of /nowhere: ENOENT (No such file or directory)")
                .satisfies(failure -> {
                    LinuxException exception = (LinuxException) failure;
                    assertThat(exception.errno()).isEqualTo(Errno.ENOENT);
                    assertThat(exception.call()).isEqualTo("open");
                    assertThat(exception.number()).isEqualTo(2);
                });
    }

    @Test
    void unknownErrorKeepsItsNumberAndAdviceIsAdded() {
        LinuxException exception = new LinuxException("ioctl", "/dev/x", 3999, "turn it off and on");
        assertThat(exception).hasMessage("ioctl of /dev/x: error 3999; turn it off and on");
        assertThat(exception.number()).isEqualTo(3999);
    }

    private static Path target(int number) throws IOException {
        Path link = Path.of("/proc/self/fd/" + number);
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
        return Files.readSymbolicLink(link);
    }
}
