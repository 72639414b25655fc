package io.sluice.nvme.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.BlockSession;
import io.sluice.block.Operation;
import io.sluice.block.SessionClosedException;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerState;
import io.sluice.nvme.Feature;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.NvmeNamespace;
import io.sluice.pci.PciFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How a controller and its sessions begin and end. */
public abstract class LifecycleContract {
    @OnEveryController
    void aControllerIsOpenedAndClosedManyTimes(ControllerLab lab) throws IOException {
        for (int i = 0; i < 5; i++) {
            try (Drive drive = Drive.open(lab);
                    BlockSession session = drive.session()) {
                assertThat(drive.controller().state()).isEqualTo(ControllerState.LIVE);
                new Exchange(session).perform(Operation.READ, 0, 1, 0);
            }
        }
    }

    @OnEveryController
    void aControllerThatSomebodyLeftEnabledIsOpened(ControllerLab lab) throws IOException {
        byte[] data = Pattern.of(1, lab.shape().stored().blockBytes());
        PciFunction left = lab.open();
        NvmeController abandoned = NvmeController.open(left, lab.shape().options());
        BlockSession session = abandoned.namespace(lab.shape().stored().id()).open(Drive.writeable());
        new Exchange(session).write(3, data, 0);
        // As if its process had been killed: CC.EN stays set, queues and event requests stay.
        left.close();

        try (Drive drive = Drive.open(lab);
                BlockSession next = drive.session()) {
            assertThat(new Exchange(next).read(3, 1, 0)).isEqualTo(data);
        }
        assertThatCode(abandoned::close).doesNotThrowAnyExceptionExcept(IOException.class);
    }

    @OnEveryController
    void closingTheControllerClosesItsSessions(ControllerLab lab) throws IOException {
        Drive drive = Drive.open(lab);
        BlockSession session = drive.session();
        drive.close();
        assertThat(drive.controller().state()).isEqualTo(ControllerState.CLOSED);
        assertClosed(() -> submit(session));
        session.close();
    }

    @OnEveryController
    void closingTheNamespaceClosesItsSessionsAndNotTheController(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            NvmeNamespace namespace = drive.stored();
            BlockSession session = namespace.open(Drive.writeable());
            namespace.close();
            assertClosed(() -> submit(session));
            try (BlockSession another = drive.session()) {
                new Exchange(another).perform(Operation.READ, 0, 1, 0);
            }
        }
    }

    @OnEveryController
    void everyMethodOfAClosedSessionThrowsOrDoesNothing(ControllerLab lab) throws IOException {
        try (Drive drive = Drive.open(lab)) {
            BlockSession session = drive.session();
            ByteBuffer bytes = session.buffer().bytes();
            session.close();
            session.close();

            for (Operation operation : Operation.values()) {
                assertClosed(() -> session.submit(operation, 0, 1, session.buffer(), 0, 0));
            }
            assertClosed(() -> session.poll(new Exchange(session), 1));
            assertClosed(() -> session.await(0));
            session.commit();
            assertThat(session.statistics().failures()).isZero();
            assertThat(session.geometry()).isNotNull();
            assertThat(session.queueDepth()).isPositive();
            assertThat(session.toString()).contains(drive.stored().name());
            bytes.putLong(0, 1);
            assertThat(bytes.getInt(4)).isNotNegative();
        }
    }

    @OnEveryController
    void everyMethodOfAClosedControllerThrows(ControllerLab lab) throws IOException {
        Drive drive = Drive.open(lab);
        NvmeController controller = drive.controller();
        NvmeNamespace namespace = drive.stored();
        controller.close();
        controller.close();

        assertClosed(controller::namespaceIds);
        assertClosed(() -> controller.namespace(1));
        assertClosed(controller::smartLog);
        assertClosed(() -> controller.errorLog(1));
        assertClosed(controller::firmwareLog);
        assertClosed(() -> controller.logPage(2, 512));
        assertClosed(controller::events);
        assertClosed(() -> controller.feature(Feature.ARBITRATION));
        assertClosed(() -> controller.setFeature(Feature.ARBITRATION, 0, false));
        assertClosed(() -> namespace.open(SessionOptions.defaults()));
        namespace.close();
        assertThat(controller.identify().modelNumber()).isNotEmpty();
    }

    @OnEveryController
    void whatWasSubmittedBeforeCloseIsWritten(ControllerLab lab) throws IOException {
        int block = lab.shape().stored().blockBytes();
        try (Drive drive = Drive.open(lab)) {
            BlockSession session = drive.session();
            int count = Math.min(24, session.geometry().maxTransferBlocks());
            byte[] data = Pattern.of(7, count * block);
            session.buffer().bytes().put(0, data);
            int submitted = 0;
            while (submitted < count
                    && session.submit(
                            Operation.WRITE, submitted, 1, session.buffer(), (long) submitted * block, submitted)) {
                submitted++;
            }
            // Neither committed nor polled.
            session.close();
            try (BlockSession next = drive.session()) {
                byte[] read = new Exchange(next).read(0, submitted, 0);
                assertThat(read).startsWith(Arrays.copyOf(data, submitted * block));
            }
        }
    }

    @OnEveryController
    void aControllerIsClosedWithOperationsInFlight(ControllerLab lab) throws IOException {
        Drive drive = Drive.open(lab);
        BlockSession session = drive.session();
        for (long i = 0; i < session.queueDepth(); i++) {
            session.submit(Operation.READ, i, 1, session.buffer(), 0, i);
        }
        session.commit();
        drive.close();
        assertClosed(() -> submit(session));
        Drive.open(lab).close();
    }

    private static boolean submit(BlockSession session) throws IOException {
        return session.submit(Operation.READ, 0, 1, session.buffer(), 0, 0);
    }

    private static void assertClosed(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(SessionClosedException.class).hasMessageContaining("closed");
    }
}
