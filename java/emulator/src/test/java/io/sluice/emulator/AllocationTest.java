package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.LocalFunction;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads and writes make no garbage in the controller. */
class AllocationTest implements Completion {
    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 100_000;

    @Override
    public void completed(long tag) {}

    @Override
    public void failed(long tag, BlockIoException failure) {
        throw new AssertionError(failure);
    }

    @ParameterizedTest
    @EnumSource(names = {"READ", "WRITE", "WRITE_ZEROES", "SYNC"})
    void anOperationAllocatesNothing(Operation operation) throws IOException {
        EmulatedController model = EmulatedController.builder()
                .name("allocation " + operation)
                .namespace(new RamDevice("ram", 512, 4096))
                .build();
        try (NvmeController controller =
                        NvmeController.open(LocalFunction.owning(model), ControllerOptions.defaults());
                BlockSession session =
                        controller.namespace(1).open(SessionOptions.defaults().writeable(true))) {
            long emulator = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().endsWith(model.name()))
                    .findFirst()
                    .orElseThrow()
                    .getId();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            perform(session, operation, WARM_UP);
            long before = threads.getThreadAllocatedBytes(emulator);
            perform(session, operation, MEASURED);
            long bytes = threads.getThreadAllocatedBytes(emulator) - before;
            // What the compiler does meanwhile may cost a little, but not for each command.
            assertThat(bytes).isLessThan(MEASURED);
        }
    }

    private void perform(BlockSession session, Operation operation, int count) throws IOException {
        int submitted = 0;
        while (submitted < count || session.inFlight() > 0) {
            while (submitted < count && session.submit(operation, submitted % 4000, 8, session.buffer(), 0, 0)) {
                submitted++;
            }
            session.commit();
            session.poll(this, 64);
        }
    }
}
