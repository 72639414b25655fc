package io.sluice.emulator;

import java.nio.ByteBuffer;

final class FaultScript {
    void falsify(int structure, ByteBuffer page) {}

    void reset() {}
}
