package io.sluice.bench;

import io.sluice.nvme.ScriptedQueue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The least that 4 KiB reads through a queue pair can cost: the stores of each submission entry, one release store of the doorbell for the batch, an
 * acquire load of each completion. It checks nothing, keeps track of nothing and could not tell two commands apart: no driver beats it.
 */
@State(Scope.Thread)
public class BareRing {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ENTRIES = 256;
    private static final int PHASE = 1 << 16;

    @Param({"1", "8", "32", "128"})
    int batch;

    private final ByteBuffer submissions = memory(ENTRIES * 64);
    private final ByteBuffer completions = memory(ENTRIES * 16);
    private final ByteBuffer submissionDoorbell = memory(4096);
    private final ByteBuffer completionDoorbell = memory(4096);
    private final ScriptedQueue device =
            new ScriptedQueue(1, submissions, completions, submissionDoorbell, completionDoorbell);
    private final RandomBlocks blocks = new RandomBlocks(28);
    private int submitted;
    private int completed;
    private long sum;

    private static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes + 4096)
                .alignedSlice(4096)
                .slice(0, bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One batch, from the first store to the last load. */
    void round() {
        for (int i = 0; i < batch; i++) {
            int at = (submitted++ & ENTRIES - 1) << 6;
            submissions.putLong(at, 0x1_0000_0002L | i << 16);
            submissions.putLong(at + 24, 0x1_0000_0000L + ((long) i << 12));
            submissions.putLong(at + 32, 0);
            submissions.putLong(at + 40, blocks.next());
            submissions.putLong(at + 48, 7);
        }
        INT.setRelease(submissionDoorbell, 0, submitted & ENTRIES - 1);
        complete();
        for (int i = 0; i < batch; i++) {
            int last = (int) INT.getAcquire(completions, ((completed & ENTRIES - 1) << 4) + 12);
            if (((last & PHASE) == 0) != ((completed & ENTRIES) != 0)) {
                throw new IllegalStateException("the device did not complete command " + completed);
            }
            sum += last & 0xffff;
            // The device needs its entries back at some time; now and then is enough.
            if ((++completed & ENTRIES / 2 - 1) == 0) {
                INT.setRelease(completionDoorbell, 0, completed & ENTRIES - 1);
            }
        }
    }

    /** The device is somebody else: its loop is not to be compiled into one piece with the host's. */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private int complete() {
        return device.completeAll();
    }

    long sum() {
        return sum;
    }
}
