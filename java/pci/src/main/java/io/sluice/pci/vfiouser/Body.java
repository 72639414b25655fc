package io.sluice.pci.vfiouser;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The part of a message behind its header: little-endian, as both ends of a socket on the machines that Sluice runs on are. */
final class Body {
    private Body() {}

    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Throws unless a body has a size; says whose. */
    static void require(ByteBuffer body, int bytes, String whose) throws RefusedException {
        if (body.remaining() != bytes) {
            throw RefusedException.invalid(
                    whose + " has " + body.remaining() + " bytes behind its header (expected: " + bytes + ")");
        }
    }

    /** Throws unless the size that a structure gives itself holds what it must. */
    static void requireArgumentSize(int argumentSize, int least, String whose) throws RefusedException {
        if (Integer.compareUnsigned(argumentSize, least) < 0) {
            throw RefusedException.invalid(
                    whose + " has an argsz of " + argumentSize + " (expected: " + least + " or more)");
        }
    }
}
