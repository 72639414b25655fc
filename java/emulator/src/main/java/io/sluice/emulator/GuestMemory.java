package io.sluice.emulator;

import io.sluice.pci.DmaMap;
import io.sluice.pci.FunctionHost;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The memory that commands name: the host's, and the controller memory buffer where the host placed it. For the controller's thread alone.
 *
 * <p>What stands here belongs to the host, which may change it at any time: every value is read once and checked after that.
 */
final class GuestMemory {
    private final FunctionHost host;
    private DmaMap hostMap = DmaMap.EMPTY;
    private DmaMap map = DmaMap.EMPTY;
    private long generation;
    private @Nullable ByteBuffer controllerBuffer;
    private long controllerBufferAddress;
    private boolean controllerBufferOverlaps;

    GuestMemory(FunctionHost host) {
        this.host = host;
    }

    /** Looks at what the host's memory is now; whether it is another one than the last time. */
    boolean refresh() {
        DmaMap now = host.memory();
        if (now == hostMap) {
            return false;
        }
        hostMap = now;
        compose();
        return true;
    }

    /** The host's memory is gone although it was not taken away. */
    void lost() {
        host.memoryLost();
    }

    /** The map of the present command. */
    DmaMap map() {
        return map;
    }

    /** Changes whenever {@link #map} does. */
    long generation() {
        return generation;
    }

    /** Places the controller memory buffer (CMBMSC), or takes it away with null. */
    void place(@Nullable ByteBuffer buffer, long address) {
        controllerBuffer = buffer;
        controllerBufferAddress = address;
        compose();
    }

    /** Whether it was to stand where memory of the host is, and so stands nowhere. */
    boolean controllerBufferOverlaps() {
        return controllerBufferOverlaps;
    }

    private void compose() {
        generation++;
        map = hostMap;
        controllerBufferOverlaps = false;
        if (controllerBuffer != null) {
            try {
                map = hostMap.with(controllerBufferAddress, controllerBuffer, true);
            } catch (IllegalArgumentException overlap) {
                controllerBufferOverlaps = true;
            }
        }
    }

    /** Lets go of everything. */
    void clear() {
        hostMap = DmaMap.EMPTY;
        controllerBuffer = null;
        compose();
    }
}
