package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.RamDevice;
import io.sluice.emulator.RawHost.Entry;
import io.sluice.pci.DmaMap;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/**
 * A host that writes anything anywhere. The controller never fails within itself, touches no memory that it was not given, and works again after a reset. The seed is in
 * the failure's message; {@code -Dsluice.seed=} runs it again.
 */
@Timeout(120)
class RandomHostTest {
    private static final int STEPS = 4000;
    private static final int[] REGISTERS = {
        0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c, 0x50, 0x54,
        0x58, 0xe00
    };
    private static final int GUARD = 0x5a5a5a5a;

    @RepeatedTest(12)
    void whateverAHostWritesTheControllerStaysWhole(RepetitionInfo repetition) throws IOException {
        long seed = Long.getLong("sluice.seed", System.nanoTime() + repetition.getCurrentRepetition());
        try {
            new Run(seed).run();
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("with -Dsluice.seed=" + seed + ": " + failure.getMessage(), failure);
        }
    }

    private static final class Run {
        private final Random random;
        private final RawHost host;
        /** Memory that the controller may read and not write. */
        private final ByteBuffer readOnly = guarded();
        /** Memory that it had and has not any more. */
        private final List<ByteBuffer> takenAway = new ArrayList<>();

        private final DmaMap whole;
        private final int maxEntries;

        Run(long seed) throws IOException {
            random = new Random(seed);
            maxEntries = 2 + random.nextInt(127);
            host = new RawHost(EmulatedController.builder()
                    .namespace(new RamDevice("ram", 512, 1 << (12 + random.nextInt(5))))
                    .namespace(7, new RamDevice("other", 4096, 64))
                    .maxTransferShift(random.nextInt(10))
                    .maxQueueEntries(maxEntries)
                    .ioQueuePairs(1 + random.nextInt(20))
                    .doorbellStrideShift(random.nextInt(3))
                    .memoryBufferBytes(random.nextBoolean() ? 1 << 14 : 0)
                    .spareCapacityBytes(1 << 22)
                    .seed(seed)
                    .build());
            whole = host.memory().with(1L << 40, readOnly, false);
            host.memory(whole);
        }

        private static ByteBuffer guarded() {
            ByteBuffer memory = ByteBuffer.allocateDirect(1 << 16);
            while (memory.hasRemaining()) {
                memory.putInt(GUARD);
            }
            return memory.clear();
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                assertThat(host.controller().failure()).isNull();
            }
            host.memory(whole);
            host.controller().reset();
            host.enable();
            assertThat(host.admin(Entry.of(Opcode.IDENTIFY).dword10(1).pointer1(RawHost.DATA))
                            .status())
                    .isZero();
            assertThat(host.admin(Entry.of(Opcode.GET_LOG_PAGE)
                                    .namespace(-1)
                                    .dword10(127 << 16 | LogPages.HEALTH)
                                    .pointer1(RawHost.DATA))
                            .status())
                    .isZero();
            ByteBuffer health =
                    host.bytes().slice(RawHost.at(RawHost.DATA), 512).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(health.getLong(176))
                    .as("commands were refused, so that commands came")
                    .isPositive();
            assertThat(readOnly.mismatch(guarded())).isEqualTo(-1);
            for (ByteBuffer memory : takenAway) {
                assertThat(memory.mismatch(guarded().limit(memory.capacity()))).isEqualTo(-1);
            }
            host.close();
        }

        private void step() {
            switch (random.nextInt(40)) {
                case 0, 1 -> writeRegister();
                case 2 -> enable();
                case 3 -> host.configure(host.configuration() ^ 1 << random.nextInt(24));
                case 4 -> host.controller().config().write32(4L * random.nextInt(1024), random.nextInt());
                case 5 -> changeMemory();
                case 6 -> host.controller().reset();
                case 7 -> host.ringCompletion(random.nextInt(24), random.nextInt(random.nextBoolean() ? 64 : 1 << 17));
                case 8 -> readRegister();
                case 9, 10 -> scribble();
                default -> ring();
            }
        }

        /** Enables the controller, most often in a way that it takes, and gives it a pair of queues. */
        private void enable() {
            host.memory(whole);
            host.configure(0);
            host.configureAdmin(16 + random.nextInt(40));
            host.configure(random.nextInt(8) == 0 ? random.nextInt() : 6 << 16 | 4 << 20 | 1);
            settle();
            int entries = Math.min(2 + random.nextInt(62), maxEntries);
            host.rawEntry(
                    0,
                    0,
                    Entry.of(Opcode.CREATE_COMPLETION_QUEUE)
                            .pointer1(RawHost.completionAddress(1))
                            .dword10((entries - 1) << 16 | 1)
                            .dword11(1));
            host.rawEntry(
                    0,
                    1,
                    Entry.of(Opcode.CREATE_SUBMISSION_QUEUE)
                            .pointer1(RawHost.submissionAddress(1))
                            .dword10((entries - 1) << 16 | 1)
                            .dword11(1 << 16 | 1));
            host.ringSubmission(0, 2);
            settle();
        }

        private void changeMemory() {
            if (random.nextBoolean()) {
                host.memory(random.nextInt(4) == 0 ? DmaMap.EMPTY : whole);
                return;
            }
            ByteBuffer more = ByteBuffer.allocateDirect(4096 * (1 + random.nextInt(4)));
            host.memory(whole.with(2L << 40, more, true));
            for (int i = random.nextInt(20); i >= 0; i--) {
                ring();
            }
            host.memory(whole);
            // From here on it belongs to somebody else.
            more.put(0, guarded(), 0, more.capacity());
            takenAway.add(more);
        }

        private void writeRegister() {
            RegisterSpace registers = host.registers();
            long at = random.nextInt(4) == 0
                    ? 4L * random.nextInt((int) registers.size() / 4)
                    : REGISTERS[random.nextInt(REGISTERS.length)];
            if (random.nextInt(4) == 0) {
                registers.write64(at & -8, random.nextLong());
            } else {
                registers.write32(at, random.nextBoolean() ? random.nextInt() : random.nextInt(256));
            }
        }

        private void readRegister() {
            RegisterSpace registers = host.registers();
            int ignored = registers.read32(4L * random.nextInt((int) registers.size() / 4));
        }

        private void scribble() {
            int at = random.nextInt(RawHost.MEMORY_BYTES - 4096) & -8;
            for (int i = 0; i < 64; i++) {
                host.bytes().putLong(at + 8 * i, random.nextBoolean() ? address() : random.nextLong());
            }
        }

        private void ring() {
            int queue = random.nextInt(3) == 0 ? 0 : random.nextInt(4) == 0 ? random.nextInt(5) : 1;
            int entries = 1 + random.nextInt(8);
            for (int i = 0; i < entries; i++) {
                host.rawEntry(queue, random.nextInt(64), entry(queue));
            }
            host.ringSubmission(queue, random.nextInt(random.nextInt(8) == 0 ? 1 << 17 : maxEntries));
            if (random.nextInt(4) != 0) {
                settle();
            }
        }

        /** Waits until the controller looked at every doorbell: what it is told comes before, and after, a look. */
        private void settle() {
            host.controller().memoryChanged();
            host.controller().memoryChanged();
            // Of the completions some number was seen, or so the host says; a number that cannot be is refused.
            host.ringCompletion(0, random.nextInt(56));
            host.ringCompletion(1, random.nextInt(maxEntries));
        }

        private Entry entry(int queue) {
            if (random.nextInt(8) == 0) {
                byte[] bytes = new byte[64];
                random.nextBytes(bytes);
                return Entry.of(0).raw(bytes);
            }
            return queue == 0 ? adminEntry() : ioEntry();
        }

        private Entry adminEntry() {
            int[] opcodes = {0, 1, 2, 4, 5, 6, 8, 9, 0xa, 0xc, 0x18, 0x7c, 0x80};
            // Rarely: without namespaces there is little left to do wrong.
            int[] rare = {Opcode.NAMESPACE_MANAGEMENT, Opcode.NAMESPACE_ATTACHMENT, random.nextInt(256)};
            return Entry.of(
                            random.nextInt(500) == 0
                                    ? rare[random.nextInt(3)]
                                    : opcodes[random.nextInt(opcodes.length)])
                    .flags(random.nextInt(8) == 0 ? random.nextInt(256) : 0)
                    .namespace(namespace())
                    .pointer1(address())
                    .pointer2(address())
                    .dword10(random.nextBoolean() ? random.nextInt() : random.nextInt(64) << 16 | random.nextInt(16))
                    .dword11(random.nextBoolean() ? random.nextInt() : random.nextInt(5) << 16 | random.nextInt(8))
                    .dword12(random.nextInt(4) == 0 ? random.nextInt() : 0)
                    .dword13(random.nextInt(8) == 0 ? random.nextInt() : 0);
        }

        private Entry ioEntry() {
            int[] opcodes = {0, 1, 2, 2, 1, 4, 5, 8, 9, 0xc, random.nextInt(256)};
            long type = (long) (random.nextInt(5) << 4 | (random.nextInt(8) == 0 ? 1 : 0)) << 56;
            boolean sgl = random.nextInt(3) == 0;
            Entry entry = Entry.of(opcodes[random.nextInt(opcodes.length)])
                    .flags(sgl ? 1 << 6 : random.nextInt(16) == 0 ? random.nextInt(256) : 0)
                    .namespace(namespace())
                    .pointer1(address())
                    .pointer2(sgl ? type | random.nextInt(1 << (1 + random.nextInt(20))) : address());
            return entry.blocks(
                    random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(1 << 12),
                    1 + random.nextInt(1 << random.nextInt(random.nextBoolean() ? 5 : 17)));
        }

        private int namespace() {
            return switch (random.nextInt(20)) {
                case 0 -> random.nextInt();
                case 1 -> random.nextInt(20);
                case 2 -> -1;
                case 3 -> 7;
                default -> 1;
            };
        }

        private long address() {
            long inside = RawHost.MEMORY + random.nextInt(RawHost.MEMORY_BYTES);
            return switch (random.nextInt(8)) {
                case 0 -> random.nextLong();
                case 1 -> inside;
                case 2 -> inside & -4;
                case 3 -> (1L << 40) + (random.nextInt(1 << 16) & -4096);
                case 4 -> (2L << 40) + (random.nextInt(1 << 14) & -4096);
                case 5 -> RawHost.MEMORY + RawHost.MEMORY_BYTES - 4096;
                default -> inside & -4096;
            };
        }
    }
}
