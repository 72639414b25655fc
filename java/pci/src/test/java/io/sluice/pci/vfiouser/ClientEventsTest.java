package io.sluice.pci.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.linux.Descriptor;
import io.sluice.linux.EventDescriptor;
import io.sluice.linux.PageChoice;
import io.sluice.linux.SharedMemory;
import io.sluice.pci.vfiouser.Request.SetInterrupts;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Action;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Data;
import java.io.IOException;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;

/** The interrupts that a client wants to hear of. */
class ClientEventsTest extends ServerTest {
    @Test
    void interruptsAreCountedByTheirKind() throws Exception {
        try (RawClient client = client()) {
            int[] counts = {0, 0, CopyDevice.INTERRUPTS, 1, 1};
            for (int index = 0; index < counts.length; index++) {
                client.send(Command.DEVICE_GET_IRQ_INFO, new Request.InterruptInfo(index).encode());
                try (MessageChannel.Frame frame = client.receive()) {
                    var info = (Reply.InterruptInfo) Reply.decode(Command.DEVICE_GET_IRQ_INFO, frame.body());
                    assertThat(info).isEqualTo(new Reply.InterruptInfo(1, index, counts[index]));
                }
            }
            assertThat(client.ask(new Request.InterruptInfo(5))).isEqualTo(Errno.EINVAL);
            assertThat(client.ask(new Request.InterruptInfo(-1))).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void interruptsThatThereAreNotCannotBeSet() throws IOException {
        try (RawClient client = client();
                EventDescriptor event = EventDescriptor.create()) {
            Descriptor file = event.descriptor();
            for (int[] range : new int[][] {
                {2, CopyDevice.INTERRUPTS, 1},
                {2, -1, 1},
                {2, 1, -1},
                {2, Integer.MAX_VALUE, 1},
                {2, 0, 41},
                {0, 0, 1},
                {1, 0, 1},
                {5, 0, 1},
                {-1, 0, 1},
                {3, 1, 1}
            }) {
                assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, range[0], range[1], range[2]), file))
                        .isEqualTo(Errno.EINVAL);
            }
            // A descriptor too few, one too many, one where there are none, one of something else.
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 0, 2), file))
                    .isEqualTo(Errno.EINVAL);
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 0, 1), file, file))
                    .isEqualTo(Errno.EINVAL);
            assertThat(client.ask(set(Data.NONE, Action.TRIGGER, 2, 0, 1), file))
                    .isEqualTo(Errno.EINVAL);
            try (SharedMemory memory = SharedMemory.allocate("sluice-no-event", 4096, PageChoice.PLAIN)) {
                assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 0, 2), file, memory.descriptor()))
                        .isEqualTo(Errno.EINVAL);
            }
            assertThat(client.ask(set(Data.NONE, Action.MASK, 2, 0, 1))).isEqualTo(Errno.EINVAL);
            assertThat(client.ask(set(Data.NONE, Action.UNMASK, 2, 0, 1))).isEqualTo(Errno.EINVAL);
            raise(client, 0);
            assertThat(event.await(0)).isFalse();
        }
    }

    @Test
    void interruptsAreSetReplacedTriggeredAndTakenAwayOneByOneOrAllAtOnce() throws IOException {
        try (RawClient client = client();
                EventDescriptor first = EventDescriptor.create();
                EventDescriptor second = EventDescriptor.create()) {
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 3, 2), first.descriptor(), second.descriptor()))
                    .isNull();
            raise(client, 4);
            assertThat(first.await(0)).isFalse();
            assertThat(second.await(0)).isTrue();
            // Without descriptors they are taken away; QEMU does so for vectors that the guest does not use yet.
            assertThat(client.ask(set(Data.EVENTS, Action.TRIGGER, 2, 4, 1))).isNull();
            raise(client, 4);
            assertThat(second.await(0)).isFalse();
            assertThat(client.ask(set(Data.NONE, Action.TRIGGER, 2, 3, 1))).isNull();
            assertThat(first.await(0)).isTrue();
            assertThat(client.ask(new SetInterrupts(Data.BOOLEANS, Action.TRIGGER, 2, 2, 3, new byte[] {1, 0, 1})))
                    .isNull();
            assertThat(first.await(0)).isFalse();
            assertThat(client.ask(set(Data.NONE, Action.TRIGGER, 2, 0, 0))).isNull();
            raise(client, 3);
            assertThat(first.await(0)).isFalse();
        }
    }
}
