package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.RamDevice;
import io.sluice.emulator.RawHost.Entry;
import io.sluice.pci.DmaMap;
import io.sluice.pci.RegisterSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registers, configuration space, resets. */
class RegistersTest {
    private static final int ENABLE = 6 << 16 | 4 << 20 | 1;
    private static final int NSSR = 0x20;
    private RawHost host;

    @BeforeEach
    void connect() throws IOException {
        host = new RawHost(EmulatedController.builder()
                .namespace(new RamDevice("ram", 512, 2048))
                .memoryBufferBytes(1 << 16)
                .ioQueuePairs(4)
                .build());
    }

    @AfterEach
    void close() {
        host.close();
    }

    private static Entry read() {
        return Entry.of(Opcode.READ).namespace(1).pointer1(RawHost.DATA);
    }

    @Test
    void capabilitiesCannotBeWritten() {
        RegisterSpace registers = host.registers();
        long cap = registers.read64(0);
        registers.write64(0, 0);
        registers.write32(8, 0);
        registers.write32(0x1c, -1);
        assertThat(registers.read64(0)).isEqualTo(cap);
        assertThat(registers.read32(8)).isEqualTo(0x10400);
        assertThat(registers.read32(0x1c)).isZero();
        assertThat((int) cap & 0xffff).isEqualTo(1023);
    }

    @Test
    void interruptMasksAreSetAndCleared() {
        RegisterSpace registers = host.registers();
        registers.write32(0x0c, 0xf0);
        registers.write32(0x0c, 0x0f);
        registers.write32(0x10, 0x18);
        assertThat(registers.read32(0x0c)).isEqualTo(0xe7);
        assertThat(registers.read32(0x10)).isEqualTo(0xe7);
    }

    @ParameterizedTest
    @ValueSource(ints = {ENABLE | 5 << 7, ENABLE | 1 << 4, ENABLE | 7 << 4, ENABLE | 2 << 11})
    void configurationsThatAreNotOfferedAreFatalUntilAReset(int configuration) {
        host.configureAdmin(16);
        host.configure(configuration);
        host.awaitStatus(3, 2);
        host.configure(0);
        host.awaitStatus(3, 0);
        host.enable();
    }

    @Test
    void adminQueuesThatCannotBeAreFatalUntilAReset() {
        RegisterSpace registers = host.registers();
        for (Runnable mistake : List.<Runnable>of(
                () -> registers.write64(0x28, 1L << 50),
                () -> registers.write64(0x30, 1L << 50),
                () -> registers.write64(0x28, 0),
                () -> registers.write64(0x30, -4096),
                () -> registers.write64(0x28, (RawHost.MEMORY + RawHost.MEMORY_BYTES - 4096) | (1L << 62)),
                () -> registers.write32(0x24, 0),
                () -> registers.write32(0x24, 15),
                () -> host.memory(DmaMap.EMPTY))) {
            DmaMap memory = host.memory();
            host.configureAdmin(16);
            mistake.run();
            host.configure(ENABLE);
            host.awaitStatus(3, 2);
            host.configure(0);
            host.awaitStatus(3, 0);
            host.memory(memory);
        }
        host.enable();
    }

    @Test
    void pagesMayBeLargerThanTheSmallest() {
        host.configureAdmin(16);
        host.configure(ENABLE | 1 << 7);
        host.awaitStatus(3, 1);
        host.createQueues(1, 64);
        byte[] data = new byte[24 << 10];
        new Random(1).nextBytes(data);
        host.fill(RawHost.DATA, data);
        long list = RawHost.DATA + (1 << 20);
        host.bytes().putLong(RawHost.at(list), RawHost.DATA + 8192);
        host.bytes().putLong(RawHost.at(list) + 8, RawHost.DATA + 16384);
        Entry write = Entry.of(Opcode.WRITE).namespace(1).blocks(0, 48).pointer1(RawHost.DATA);
        assertThat(host.io(write.pointer2(list)).status()).isZero();
        long back = RawHost.DATA + (2 << 20);
        assertThat(host.io(Entry.of(Opcode.READ)
                                .namespace(1)
                                .blocks(0, 32)
                                .pointer1(back)
                                .pointer2(back + 8192))
                        .status())
                .isZero();
        assertThat(host.read(back, 16 << 10)).isEqualTo(Arrays.copyOf(data, 16 << 10));
        assertThat(host.io(Entry.of(Opcode.READ)
                                .namespace(1)
                                .blocks(0, 32)
                                .pointer1(back)
                                .pointer2(back + 4096))
                        .status())
                .as("a page of 4 KiB only")
                .isEqualTo(Status.PRP_OFFSET_INVALID);
    }

    @Test
    void queuesOfEveryPriorityAreServedByWeight() {
        host.configureAdmin(16);
        host.configure(ENABLE | 1 << 11);
        host.awaitStatus(3, 1);
        for (int queue = 1; queue <= 4; queue++) {
            host.createQueues(queue, 64, queue - 1);
        }
        for (int queue = 1; queue <= 4; queue++) {
            for (int i = 0; i < 40; i++) {
                host.submit(queue, read());
            }
        }
        for (int queue = 4; queue >= 1; queue--) {
            host.ring(queue);
        }
        for (int queue = 1; queue <= 4; queue++) {
            for (int i = 0; i < 40; i++) {
                assertThat(host.await(queue).status()).isZero();
            }
        }
    }

    @Test
    void aResetForgetsQueuesAndEventRequests() {
        host.enable();
        host.createQueues(1, 64);
        host.submit(0, Entry.of(Opcode.ASYNC_EVENT_REQUEST));
        host.ring(0);
        assertThat(host.io(read()).status()).isZero();
        host.configure(0);
        host.awaitStatus(1, 0);
        // Nobody looks at the doorbells of what is gone.
        host.ringSubmission(1, 5);
        host.enable();
        assertThat(host.admin(Entry.of(Opcode.DELETE_SUBMISSION_QUEUE).dword10(1))
                        .status())
                .isEqualTo(Status.INVALID_QUEUE_ID);
        host.createQueues(1, 64);
        assertThat(host.io(read()).status()).isZero();
        host.ringSubmission(1, 999);
        assertThat(host.admin(Entry.of(Opcode.KEEP_ALIVE)).status())
                .as("the event finds no request")
                .isZero();
    }

    @Test
    void aHundredResetsInTheMiddleOfWork() {
        host.enable();
        for (int round = 0; round < 100; round++) {
            host.createQueues(1, 64);
            for (int i = 0; i < 20; i++) {
                host.submit(1, read());
            }
            host.ring(1);
            host.configure(0);
            host.awaitStatus(1, 0);
            host.enable();
        }
        host.createQueues(1, 64);
        assertThat(host.io(read()).status()).isZero();
    }

    @Test
    void disablingAndEnablingWithoutWaitingIsAResetAllTheSame() {
        host.enable();
        host.createQueues(1, 64);
        host.configure(0);
        host.configureAdmin(16);
        host.configure(ENABLE);
        // RDY says 1 before and after; what waits for the controller's thread comes after both.
        host.controller().memoryChanged();
        assertThat(host.status() & 1).isEqualTo(1);
        assertThat(host.admin(Entry.of(Opcode.DELETE_SUBMISSION_QUEUE).dword10(1))
                        .status())
                .isEqualTo(Status.INVALID_QUEUE_ID);
    }

    @Test
    void aShutdownCompletesInEveryState() {
        host.configure(1 << 14);
        host.awaitStatus(3 << 2, 2 << 2);
        host.configure(0);
        host.enable();
        host.configure(host.configuration() | 2 << 14);
        host.awaitStatus(3 << 2, 2 << 2);
        host.configure(0);
        host.awaitStatus(3 << 2 | 1, 0);
        host.enable();
    }

    @Test
    void aSubsystemResetLeavesItsMark() {
        host.enable();
        host.registers().write32(NSSR, 0x12345678);
        assertThat(host.admin(Entry.of(Opcode.KEEP_ALIVE)).status()).isZero();
        host.registers().write32(NSSR, 0x4e564d65);
        host.awaitStatus(1 << 4 | 1, 1 << 4);
        assertThat(host.configuration()).isZero();
        host.registers().write32(0x1c, 1 << 4);
        assertThat(host.status()).isZero();
        host.enable();
    }

    @Test
    void aFunctionLevelResetIsAPowerCycleOfTheRegisters() {
        host.enable();
        RegisterSpace config = host.controller().config();
        config.write32(0x04, 6);
        config.write32(0x68, 1 << 15);
        assertThat(host.status()).isZero();
        assertThat(host.configuration()).isZero();
        assertThat(host.registers().read64(0x28)).isZero();
        assertThat(config.read32(0x04) & 0xffff).isZero();
        host.enable();
    }

    @Test
    void theConfigurationSpaceNamesAnNvmeControllerAndItsCapabilities() {
        RegisterSpace config = host.controller().config();
        assertThat(config.read32(0x08) >>> 8).isEqualTo(0x010802);
        List<Integer> capabilities = new ArrayList<>();
        int tableAt = 0;
        for (int at = config.read32(0x34) & 0xff; at != 0; at = config.read32(at & -4) >>> 8 & 0xff) {
            int id = config.read32(at) & 0xff;
            capabilities.add(id);
            if (id == 0x11) {
                tableAt = at;
            }
        }
        assertThat(capabilities).containsExactly(0x01, 0x11, 0x10);
        assertThat((config.read32(tableAt) >>> 16 & 0x7ff) + 1).isEqualTo(5);
        assertThat(config.read32(tableAt + 4) & 7).as("BAR of the table").isEqualTo(4);
        assertThat(host.controller().interruptCount()).isEqualTo(5);
        config.write32(0, 0);
        config.write32(0x08, 0);
        assertThat(config.read32(0x08) >>> 8).isEqualTo(0x010802);
    }

    @Test
    void baseAddressRegistersTellTheirSize() {
        RegisterSpace config = host.controller().config();
        long[] sizes = {
            host.registers().size(), 1 << 16, host.controller().bar(4).size()
        };
        for (int bar = 0; bar < 3; bar++) {
            long at = 0x10 + 8L * bar;
            assertThat(config.read32(at) & 0xf).as("64 bits").isEqualTo(4);
            config.write64(at, -1);
            long mask = config.read64(at) & -16;
            assertThat(-mask).isEqualTo(sizes[bar]);
            config.write64(at, 0xdead_beef_0000_0000L);
            assertThat(config.read64(at)).isEqualTo(0xdead_beef_0000_0004L);
        }
        assertThat(host.controller().bar(1)).isNull();
        assertThat(host.controller().bar(5)).isNull();
    }

    @Test
    void theInterruptTableRemembersWhatIsWrittenAndIsMaskedAtFirst() {
        RegisterSpace table = host.controller().bar(4);
        assertThat(table.read32(12)).isEqualTo(1);
        table.write64(0, 0x1234_5678_9abc_def0L);
        table.write32(12, 0);
        assertThat(table.read64(0)).isEqualTo(0x1234_5678_9abc_def0L);
        assertThat(table.read32(12)).isZero();
        table.write32(4096, -1);
        assertThat(table.read32(4096)).as("pending bits cannot be written").isZero();
    }

    @Test
    void registersOutsideOfTheirSpaceAreRefused() {
        for (RegisterSpace space : List.of(
                host.registers(),
                host.controller().config(),
                host.controller().bar(2),
                host.controller().bar(4))) {
            for (long offset : new long[] {-4, 2, space.size(), space.size() - 2, Long.MAX_VALUE - 3, Long.MIN_VALUE}) {
                assertThatThrownBy(() -> space.read32(offset)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> space.write32(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> space.read64(offset)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> space.write64(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void queuesAndDataMayLieInTheControllersOwnMemory() {
        RegisterSpace registers = host.registers();
        assertThat(registers.read32(0x3c)).as("hidden until asked for").isZero();
        long place = 1L << 45;
        registers.write64(0x50, place | 3);
        assertThat(registers.read32(0x38) & 7).isEqualTo(2);
        assertThat(registers.read32(0x3c) >>> 12).isEqualTo(16);
        host.enable();
        host.createQueues(1, 64);
        RegisterSpace buffer = host.controller().bar(2);
        buffer.write64(0, 0x0102_0304_0506_0708L);
        assertThat(host.io(Entry.of(Opcode.WRITE).namespace(1).pointer1(place)).status())
                .isZero();
        assertThat(host.io(read()).status()).isZero();
        assertThat(host.bytes().getLong(RawHost.at(RawHost.DATA))).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(host.io(Entry.of(Opcode.READ).namespace(1).pointer1(place + 0x8000))
                        .status())
                .isZero();
        assertThat(buffer.read64(0x8000)).isEqualTo(0x0102_0304_0506_0708L);
        registers.write64(0x50, 0);
        assertThat(host.io(Entry.of(Opcode.READ).namespace(1).pointer1(place)).status())
                .isEqualTo(Status.DATA_TRANSFER_ERROR);
    }

    @Test
    void aMemoryBufferInThePlaceOfOtherMemoryIsRefused() {
        host.registers().write64(0x50, RawHost.MEMORY | 3);
        host.enable();
        assertThat(host.registers().read32(0x58)).isEqualTo(1);
    }

    @Test
    void doorbellsInMemoryTakeTheirPlaceUntilAReset() {
        host.enable();
        host.createQueues(1, 64);
        long values = RawHost.DATA + (1 << 20);
        long events = values + 4096;
        Entry configure =
                Entry.of(Opcode.DOORBELL_BUFFER_CONFIG).pointer1(values).pointer2(events);
        assertThat(host.admin(Entry.of(Opcode.DOORBELL_BUFFER_CONFIG).pointer1(values + 4))
                        .status())
                .isEqualTo(Status.INVALID_FIELD);
        assertThat(host.admin(Entry.of(Opcode.DOORBELL_BUFFER_CONFIG)
                                .pointer1(1L << 50)
                                .pointer2(1L << 51))
                        .status())
                .isEqualTo(Status.DATA_TRANSFER_ERROR);
        assertThat(host.admin(configure).status()).isZero();
        for (int i = 0; i < 10; i++) {
            host.submit(1, read());
            host.bytes().putInt(RawHost.at(values) + 8, host.tail(1));
            assertThat(host.await(1).status()).isZero();
            host.bytes().putInt(RawHost.at(values) + 12, i + 1);
        }
        RawHost.await("the event index follows", () -> host.bytes().getInt(RawHost.at(events) + 8) == 10);
        // The admin queue goes on as before.
        assertThat(host.admin(Entry.of(Opcode.KEEP_ALIVE)).status()).isZero();
        host.configure(0);
        host.awaitStatus(1, 0);
        host.enable();
        host.createQueues(1, 64);
        assertThat(host.io(read()).status()).as("by the doorbell").isZero();
    }

    @Test
    void memoryOfAQueueThatWasTakenAwayIsFatal() {
        host.enable();
        host.createQueues(1, 64);
        DmaMap memory = host.memory();
        host.memory(DmaMap.EMPTY);
        host.ringSubmission(1, 1);
        host.awaitStatus(2, 2);
        host.memory(memory);
        host.configure(0);
        host.awaitStatus(3, 0);
        host.enable();
    }

    @Test
    void anotherHostFindsTheDataAndNothingElse() {
        host.enable();
        host.createQueues(1, 64);
        host.fill(RawHost.DATA, new byte[] {1, 2, 3});
        assertThat(host.io(Entry.of(Opcode.WRITE).namespace(1).pointer1(RawHost.DATA))
                        .status())
                .isZero();
        EmulatedController controller = host.controller();
        assertThatThrownBy(() -> new RawHost(controller))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one at a time");
        controller.disconnect();
        controller.disconnect();
        RawHost next = new RawHost(controller);
        assertThat(next.status()).isZero();
        assertThat(next.configuration()).isZero();
        next.enable();
        next.createQueues(1, 64);
        assertThat(next.io(read()).status()).isZero();
        assertThat(next.read(RawHost.DATA, 3)).containsExactly(1, 2, 3);
        next.close();
        next.close();
        assertThatThrownBy(() -> new RawHost(controller))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
