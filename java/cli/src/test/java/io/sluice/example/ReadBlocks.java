package io.sluice.example;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import io.sluice.emulator.EmulatedController;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.pci.LocalFunction;
import io.sluice.pci.PciAddress;
import io.sluice.pci.PciFunction;
import io.sluice.pci.VfioFunction;
import io.sluice.pci.VfioOptions;
import java.io.IOException;

/** Reads the first 32 blocks of a drive, all of them at once; without an argument of one in software. */
class ReadBlocks implements Completion {
    public static void main(String[] args) throws IOException {
        PciFunction function = args.length == 0
                ? LocalFunction.owning(EmulatedController.ram(1L << 30))
                : VfioFunction.open(PciAddress.parse(args[0]).orElseThrow(), VfioOptions.defaults());
        try (var controller = NvmeController.open(function, ControllerOptions.defaults());
                BlockSession session = controller.namespace(1).open(SessionOptions.defaults())) {
            int blockBytes = session.geometry().blockBytes();
            for (int block = 0; block < 32; block++) {
                session.submit(Operation.READ, block, 1, session.buffer(), (long) block * blockBytes, block);
            }
            session.commit();
            while (session.inFlight() > 0 && session.await(1_000_000_000)) {
                session.poll(new ReadBlocks(), 32);
            }
            System.out.printf(
                    "block 0 starts with %016x%n", session.buffer().bytes().getLong(0));
        }
    }

    @Override
    public void completed(long tag) {
        System.out.println("block " + tag + " is in the buffer");
    }

    @Override
    public void failed(long tag, BlockIoException failure) {
        System.err.println(failure.getMessage());
    }
}
