package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.RamDevice;
import io.sluice.emulator.RawHost.Answer;
import io.sluice.emulator.RawHost.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Identify, log pages, features, events, namespaces and the rest, entry by entry. */
class AdminCommandsTest {
    private RawHost host;

    @BeforeEach
    void enable() throws IOException {
        host = RawHost.enabled(EmulatedController.builder()
                .namespace(new RamDevice("ram", 512, 2048))
                .namespace(4, new RamDevice("other", 4096, 256))
                .ioQueuePairs(8)
                .interruptVectors(4)
                .spareCapacityBytes(1 << 20)
                .serial("S123")
                .model("M456")
                .firmware("F7")
                .build());
    }

    @AfterEach
    void close() {
        host.close();
    }

    private int identifyStatus(int structure, int namespace) {
        host.fill(RawHost.DATA, new byte[4096]);
        return host.admin(Entry.of(Opcode.IDENTIFY)
                        .namespace(namespace)
                        .dword10(structure)
                        .pointer1(RawHost.DATA))
                .status();
    }

    private ByteBuffer identify(int structure, int namespace) {
        assertThat(identifyStatus(structure, namespace)).isZero();
        return ByteBuffer.wrap(host.read(RawHost.DATA, 4096)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer page) {
        byte[] bytes = new byte[page.capacity()];
        page.get(0, bytes);
        return bytes;
    }

    private static String text(ByteBuffer page, int at, int length) {
        return new String(bytes(page), at, length, StandardCharsets.US_ASCII);
    }

    @Test
    void theControllerSaysWhatItWasBuiltToBe() {
        ByteBuffer page = identify(1, 0);
        assertThat(text(page, 4, 20)).isEqualTo(String.format("%-20s", "S123"));
        assertThat(text(page, 24, 40)).isEqualTo(String.format("%-40s", "M456"));
        assertThat(text(page, 64, 8)).isEqualTo(String.format("%-8s", "F7"));
        assertThat(page.get(77)).isEqualTo((byte) 7);
        assertThat(page.getInt(80)).isEqualTo(0x10400);
        assertThat(page.getInt(516)).isEqualTo(16);
        assertThat(page.getShort(512)).isEqualTo((short) 0x4466);
        assertThat(page.getLong(280)).isEqualTo(3 << 20);
        assertThat(page.getLong(296)).isEqualTo(1 << 20);
        assertThat(text(page, 768, 37)).startsWith("nqn.2014-08.org.nvmexpress:uuid:");
    }

    @Test
    void namespacesSayHowManyBlocksTheyHave() {
        ByteBuffer first = identify(0, 1);
        assertThat(first.getLong(0)).isEqualTo(2048);
        assertThat(first.get(25)).as("two formats").isEqualTo((byte) 1);
        assertThat(first.get(26)).isZero();
        assertThat(first.getInt(128)).isEqualTo(9 << 16);
        assertThat(first.getInt(132)).isEqualTo(12 << 16);
        ByteBuffer other = identify(0, 4);
        assertThat(other.getLong(0)).isEqualTo(256);
        assertThat(other.get(25)).isZero();
        assertThat(identify(0, 2).getLong(0)).as("not active").isZero();
        assertThat(identify(0, -1).getInt(128)).isEqualTo(9 << 16);
        assertThat(identifyStatus(0, 0)).isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(identifyStatus(0, 17)).isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(identifyStatus(0, -2)).isEqualTo(Status.INVALID_NAMESPACE);
    }

    @Test
    void listsNameWhatIsThereAboveANumber() {
        for (int structure : new int[] {0x02, 0x10}) {
            ByteBuffer all = identify(structure, 0);
            assertThat(new int[] {all.getInt(0), all.getInt(4), all.getInt(8)}).containsExactly(1, 4, 0);
            ByteBuffer above = identify(structure, 1);
            assertThat(new int[] {above.getInt(0), above.getInt(4)}).containsExactly(4, 0);
            assertThat(identify(structure, 4).getInt(0)).isZero();
            assertThat(identify(structure, -3).getInt(0)).isZero();
            assertThat(identifyStatus(structure, -1)).isEqualTo(Status.INVALID_NAMESPACE);
            assertThat(identifyStatus(structure, -2)).isEqualTo(Status.INVALID_NAMESPACE);
        }
    }

    @Test
    void aNamespaceHasAnIdentifierOfItsOwn() {
        ByteBuffer first = identify(3, 1);
        ByteBuffer other = identify(3, 4);
        assertThat(first.get(0)).as("UUID").isEqualTo((byte) 3);
        assertThat(first.get(1)).isEqualTo((byte) 16);
        assertThat(Arrays.copyOfRange(bytes(first), 4, 20)).isNotEqualTo(Arrays.copyOfRange(bytes(other), 4, 20));
        assertThat(Arrays.copyOfRange(bytes(first), 4, 20))
                .isEqualTo(Arrays.copyOfRange(bytes(identify(0, 1)), 104, 120));
        assertThat(identifyStatus(3, 2)).isEqualTo(Status.INVALID_FIELD);
        assertThat(identifyStatus(3, 200)).isEqualTo(Status.INVALID_NAMESPACE);
    }

    @Test
    void controllersAreListed() {
        assertThat(identify(0x13, 0).getInt(0)).as("one, with identifier 0").isEqualTo(1);
        assertThat(identify(0x12, 1).getInt(0)).isEqualTo(1);
        assertThat(identify(0x12, 2).getInt(0)).isZero();
        assertThat(identify(0x13 | 1 << 16, 0).getInt(0)).as("from 1 on").isZero();
        assertThat(identify(0x11, 1).getLong(0)).isEqualTo(2048);
        assertThat(identifyStatus(0x11, 0)).isEqualTo(Status.INVALID_NAMESPACE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x04, 0x05, 0x14, 0x1a, 0xff})
    void structuresThatAreNoneAreRefused(int structure) {
        assertThat(identifyStatus(structure, 1)).isEqualTo(Status.INVALID_FIELD);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x03, 0x07, 0x10, 0x11, 0x14, 0x19, 0x1a, 0x1c, 0x1e, 0x81, 0x82, 0x84, 0xc0})
    void commandsThatAreNotOfferedAreRefused(int opcode) {
        // Firmware, self-test, directives, virtualisation, NVMe-MI, security send and receive, sanitize …
        assertThat(host.admin(Entry.of(opcode).pointer1(RawHost.DATA)).status()).isEqualTo(Status.INVALID_OPCODE);
    }

    private Entry logEntry(int page, int dwords, long offset) {
        return Entry.of(Opcode.GET_LOG_PAGE)
                .namespace(-1)
                .pointer1(RawHost.DATA)
                .pointer2(RawHost.DATA + 4096)
                .dword10((dwords - 1) << 16 | page)
                .dword12((int) offset)
                .dword13((int) (offset >>> 32));
    }

    private ByteBuffer log(int page) {
        assertThat(host.admin(logEntry(page, 1024, 0)).status()).isZero();
        return ByteBuffer.wrap(host.read(RawHost.DATA, 4096)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void failedCommandsAreInTheErrorLogNewestFirst() {
        host.io(Entry.of(Opcode.READ).namespace(1).blocks(5000, 1));
        host.admin(Entry.of(0xff));
        ByteBuffer errors = log(1);
        assertThat(errors.getLong(0)).isEqualTo(2);
        assertThat(errors.getShort(8)).isZero();
        assertThat(errors.getShort(12) >>> 1 & 0x7ff).isEqualTo(Status.INVALID_OPCODE);
        assertThat(errors.getLong(64)).isEqualTo(1);
        assertThat(errors.getShort(72)).isEqualTo((short) 1);
        assertThat(errors.getShort(76) >>> 1 & 0x7ff).isEqualTo(Status.LBA_OUT_OF_RANGE);
        assertThat(errors.getLong(80)).isEqualTo(5000);
        assertThat(errors.getInt(88)).isEqualTo(1);
        assertThat(errors.getLong(128)).isZero();
        for (int i = 0; i < 100; i++) {
            host.admin(Entry.of(0xff));
        }
        ByteBuffer full = log(1);
        assertThat(full.getLong(0)).isEqualTo(102);
        assertThat(full.getLong(63 * 64)).isEqualTo(39);
    }

    @Test
    void logPagesAreReadFromAnyOffset() {
        ByteBuffer whole = log(2);
        assertThat(host.admin(logEntry(2, 2, 32).dword11(0)).status()).isZero();
        assertThat(host.read(RawHost.DATA, 8)).isEqualTo(Arrays.copyOfRange(bytes(whole), 32, 40));
        assertThat(host.admin(logEntry(2, 1, 512)).status()).isZero();
        assertThat(host.admin(logEntry(2, 1, 513)).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(host.admin(logEntry(2, 1, 516)).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(host.admin(logEntry(2, 1, 1L << 40)).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(host.admin(logEntry(2, 1, Long.MIN_VALUE)).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(host.admin(logEntry(2, 128, 0).dword11(0xffff)).status())
                .as("16 GiB of it")
                .isEqualTo(Status.INVALID_FIELD);
        for (int page : new int[] {0x00, 0x06, 0x0d, 0x70, 0x80, 0xff}) {
            assertThat(host.admin(logEntry(page, 1, 0)).status()).isEqualTo(Status.INVALID_LOG_PAGE);
        }
    }

    @Test
    void moreOfALogPageThanThereIsReadsAsZeroes() {
        host.fill(RawHost.DATA, new byte[8192]);
        host.bytes().put(RawHost.at(RawHost.DATA) + 8191, (byte) 9);
        assertThat(host.admin(logEntry(2, 2048, 0)).status()).isZero();
        byte[] read = host.read(RawHost.DATA, 8192);
        assertThat(Arrays.copyOfRange(read, 512, 8192)).containsOnly(0);
    }

    @Test
    void theOtherLogPagesAreThere() {
        ByteBuffer firmware = log(3);
        assertThat(firmware.get(0)).isEqualTo((byte) 1);
        assertThat(text(firmware, 8, 8)).isEqualTo("F7      ");
        ByteBuffer commands = log(5);
        assertThat(commands.getInt(4 * Opcode.IDENTIFY) & 1).isEqualTo(1);
        assertThat(commands.getInt(4 * 0x11)).isZero();
        assertThat(commands.getInt(1024 + 4 * Opcode.READ) & 1).isEqualTo(1);
    }

    private Answer set(int feature, int value) {
        return host.admin(Entry.of(Opcode.SET_FEATURES).dword10(feature).dword11(value));
    }

    private Answer get(int feature, int selector) {
        return host.admin(Entry.of(Opcode.GET_FEATURES).dword10(feature).dword11(selector));
    }

    @ParameterizedTest
    @CsvSource({
        "01, 000000ff, 000000ff",
        "02, 00000002, 00000002",
        "04, 00000155, 00000155",
        "05, 0000000a, 0000000a",
        "06, 00000000, 00000000",
        "08, 00000203, 00000203",
        "0a, 00000001, 00000001",
        "0b, 000001ff, 000001ff",
        "0f, 00001000, 00001000",
        "80, 00000042, 00000042",
    })
    void featuresKeepWhatTheyAreSetTo(String feature, String value, String expected) {
        int id = Integer.parseInt(feature, 16);
        int before = get(id, 0).result();
        assertThat(set(id, Integer.parseUnsignedInt(value, 16)).status()).isZero();
        assertThat(get(id, 0).result()).isEqualTo(Integer.parseUnsignedInt(expected, 16));
        assertThat(get(id | 1 << 8, 0).result()).as("default").isEqualTo(before);
        assertThat(get(id | 2 << 8, 0).result()).as("saved").isEqualTo(before);
        assertThat(get(id | 3 << 8, 0).result() & 4).as("changeable").isEqualTo(4);
        assertThat(set(id | 1 << 31, 0).status()).isEqualTo(Status.FEATURE_NOT_SAVEABLE);
        host.configure(0);
        host.awaitStatus(1, 0);
        host.enable();
        assertThat(get(id, 0).result()).as("after a reset").isEqualTo(before);
    }

    @Test
    void valuesThatFeaturesCannotHaveAreRefused() {
        assertThat(set(0x02, 3).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(set(0x04, 1 << 16 | 300).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(set(0x04, 2 << 20 | 300).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(set(0x09, 4).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(set(0x07, 0xffff).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(set(0x07, 0xffff << 16).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(set(0x07, 3 << 16 | 3).status()).as("queues exist").isEqualTo(Status.COMMAND_SEQUENCE_ERROR);
        for (int feature : new int[] {0x00, 0x03, 0x0d, 0x0e, 0x10, 0x81, 0xff}) {
            assertThat(set(feature, 0).status()).isEqualTo(Status.INVALID_FIELD);
            assertThat(get(feature, 0).status()).isEqualTo(Status.INVALID_FIELD);
        }
        assertThat(host.admin(Entry.of(Opcode.SET_FEATURES).namespace(1).dword10(1))
                        .status())
                .isEqualTo(Status.FEATURE_NOT_NAMESPACE_SPECIFIC);
    }

    @Test
    void thresholdsAndVectorsAreKeptEachForItself() {
        assertThat(set(0x04, 1 << 20 | 280).status()).isZero();
        assertThat(get(0x04, 1 << 20).result()).isEqualTo(280);
        assertThat(get(0x04, 0).result()).isEqualTo(Features.WARNING_KELVIN);
        assertThat(set(0x09, 1 << 16 | 2).status()).isZero();
        assertThat(get(0x09, 2).result()).isEqualTo(1 << 16 | 2);
        assertThat(get(0x09, 1).result()).isEqualTo(1);
        assertThat(get(0x07, 0).result()).isEqualTo(7 << 16 | 7);
    }

    private int requestEvent() {
        int command = host.submit(0, Entry.of(Opcode.ASYNC_EVENT_REQUEST));
        host.ring(0);
        return command;
    }

    @Test
    void aWarningIsToldOnceUntilItsLogPageIsRead() {
        assertThat(set(0x0b, 0xff).status()).isZero();
        int request = requestEvent();
        host.controller().temperature(400);
        Answer event = host.await(0);
        assertThat(event.command()).isEqualTo(request);
        assertThat(event.result()).isEqualTo(1 | 1 << 8 | 2 << 16);
        assertThat(log(2).get(0)).isEqualTo((byte) 2);
        host.controller().temperature(300);
        requestEvent();
        host.controller().criticalWarning(8);
        assertThat(host.await(0).result()).isEqualTo(1 | 2 << 16);
    }

    @Test
    void eventsThatNobodyAskedForWait() {
        host.ringSubmission(1, 1000);
        int request = requestEvent();
        Answer event = host.await(0);
        assertThat(event.command()).isEqualTo(request);
        assertThat(event.result()).isEqualTo(1 << 8 | 1 << 16);
        assertThat(log(1).getShort(10)).as("no command").isEqualTo((short) -1);
    }

    @Test
    void aDoorbellOfNoQueueIsAnError() {
        host.ringSubmission(7, 1);
        requestEvent();
        assertThat(host.await(0).result()).isEqualTo(1 << 16);
    }

    @Test
    void onlySoManyRequestsWaitAndAnAbortGivesOneBack() {
        int first = requestEvent();
        for (int i = 1; i < Events.MOST_REQUESTS; i++) {
            requestEvent();
        }
        int tooMany = requestEvent();
        Answer refused = host.await(0);
        assertThat(refused.command()).isEqualTo(tooMany);
        assertThat(refused.status()).isEqualTo(Status.EVENT_REQUEST_LIMIT);

        int abort = host.submit(0, Entry.of(Opcode.ABORT).dword10(first << 16));
        host.ring(0);
        Answer aborted = host.await(0);
        assertThat(aborted.command()).isEqualTo(first);
        assertThat(aborted.status()).isEqualTo(Status.ABORT_REQUESTED);
        Answer done = host.await(0);
        assertThat(done.command()).isEqualTo(abort);
        assertThat(done.result()).isZero();
        assertThat(host.admin(Entry.of(Opcode.ABORT).dword10(first << 16)).result())
                .as("not aborted")
                .isEqualTo(1);
        assertThat(host.admin(Entry.of(Opcode.ABORT).dword10(77 << 16 | 1)).result())
                .isEqualTo(1);
    }

    @Test
    void namespacesComeAndGo() {
        assertThat(set(0x0b, 1 << 8).status()).isZero();
        requestEvent();
        host.fill(RawHost.DATA, new byte[4096]);
        host.bytes().putInt(RawHost.at(RawHost.DATA), 1);
        assertThat(attach(1, 1).status()).isZero();
        assertThat(host.await(0).result()).isEqualTo(2 | 4 << 16);
        assertThat(attach(1, 1).status()).isEqualTo(Status.NOT_ATTACHED);
        assertThat(host.io(Entry.of(Opcode.READ).namespace(1).pointer1(RawHost.DATA))
                        .status())
                .isEqualTo(Status.INVALID_FIELD);
        assertThat(identify(2, 0).getInt(0)).isEqualTo(4);
        assertThat(identify(0x10, 0).getInt(0)).isEqualTo(1);
        ByteBuffer changed = log(4);
        assertThat(changed.getInt(0)).isEqualTo(1);
        assertThat(changed.getInt(4)).isZero();
        assertThat(log(4).getInt(0)).as("read").isZero();
        host.fill(RawHost.DATA, new byte[4096]);
        assertThat(attach(1, 0).status()).isEqualTo(Status.CONTROLLER_LIST_INVALID);
        host.bytes().putInt(RawHost.at(RawHost.DATA), 1);
        assertThat(attach(2, 0).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(attach(1, 0).status()).isZero();
        assertThat(attach(1, 0).status()).isEqualTo(Status.ALREADY_ATTACHED);
        assertThat(host.io(Entry.of(Opcode.READ).namespace(1).pointer1(RawHost.DATA))
                        .status())
                .isZero();
    }

    private Answer attach(int namespace, int select) {
        return host.admin(Entry.of(Opcode.NAMESPACE_ATTACHMENT)
                .namespace(namespace)
                .dword10(select)
                .pointer1(RawHost.DATA));
    }

    private Answer create(long blocks, int format) {
        host.fill(RawHost.DATA, new byte[4096]);
        host.bytes().putLong(RawHost.at(RawHost.DATA), blocks);
        host.bytes().putLong(RawHost.at(RawHost.DATA) + 8, blocks);
        host.bytes().put(RawHost.at(RawHost.DATA) + 26, (byte) format);
        return host.admin(Entry.of(Opcode.NAMESPACE_MANAGEMENT).pointer1(RawHost.DATA));
    }

    @Test
    void namespacesAreMadeOfWhatIsToSpare() {
        assertThat(create(1 << 20, 0).status()).isEqualTo(Status.INSUFFICIENT_CAPACITY);
        assertThat(create(0, 0).status()).isEqualTo(Status.INVALID_FIELD);
        assertThat(create(Long.MAX_VALUE, 1).status()).isEqualTo(Status.INSUFFICIENT_CAPACITY);
        assertThat(create(16, 2).status()).isEqualTo(Status.INVALID_FORMAT);
        Answer created = create(64, 1);
        assertThat(created.status()).isZero();
        int id = created.result();
        assertThat(id).isEqualTo(2);
        assertThat(identify(1, 0).getLong(296)).isEqualTo((1 << 20) - 64 * 4096);
        host.fill(RawHost.DATA, new byte[4096]);
        host.bytes().putInt(RawHost.at(RawHost.DATA), 1);
        assertThat(attach(id, 0).status()).isZero();
        assertThat(identify(0, id).getLong(0)).isEqualTo(64);
        assertThat(host.io(Entry.of(Opcode.READ).namespace(id).blocks(63, 1).pointer1(RawHost.DATA))
                        .status())
                .isZero();
        assertThat(host.admin(Entry.of(Opcode.NAMESPACE_MANAGEMENT)
                                .namespace(id)
                                .dword10(1))
                        .status())
                .isZero();
        assertThat(identify(1, 0).getLong(296)).isEqualTo(1 << 20);
        assertThat(identifyStatus(0x11, id)).isZero();
        assertThat(host.admin(Entry.of(Opcode.NAMESPACE_MANAGEMENT)
                                .namespace(id)
                                .dword10(1))
                        .status())
                .isEqualTo(Status.INVALID_FIELD);
    }

    private Answer format(int namespace, int dword10) {
        return host.admin(Entry.of(Opcode.FORMAT).namespace(namespace).dword10(dword10));
    }

    @Test
    void formattingErasesAndChangesTheBlockSize() {
        byte[] data = new byte[512];
        Arrays.fill(data, (byte) 5);
        host.fill(RawHost.DATA, data);
        assertThat(host.io(Entry.of(Opcode.WRITE).namespace(1).pointer1(RawHost.DATA))
                        .status())
                .isZero();
        assertThat(format(1, 1).status()).isZero();
        ByteBuffer page = identify(0, 1);
        assertThat(page.getLong(0)).isEqualTo(256);
        assertThat(page.get(26)).isEqualTo((byte) 1);
        assertThat(host.io(Entry.of(Opcode.READ).namespace(1).blocks(0, 1).pointer1(RawHost.DATA))
                        .status())
                .isZero();
        assertThat(host.read(RawHost.DATA, 4096)).containsOnly(0);
        assertThat(host.io(Entry.of(Opcode.READ).namespace(1).blocks(256, 1).pointer1(RawHost.DATA))
                        .status())
                .isEqualTo(Status.LBA_OUT_OF_RANGE);
        assertThat(format(1, 1 << 9).status()).as("erased, of 512 bytes again").isZero();
        assertThat(identify(0, 1).getLong(0)).isEqualTo(2048);
        assertThat(format(-1, 0).status()).as("all of them").isZero();
    }

    @Test
    void formatsThatAreNoneAreRefused() {
        assertThat(format(1, 2).status()).isEqualTo(Status.INVALID_FORMAT);
        assertThat(format(4, 1).status()).isEqualTo(Status.INVALID_FORMAT);
        assertThat(format(1, 1 << 5).status()).as("protection").isEqualTo(Status.INVALID_FORMAT);
        assertThat(format(1, 2 << 9).status()).as("cryptographic erase").isEqualTo(Status.INVALID_FIELD);
        assertThat(format(0, 0).status()).isEqualTo(Status.INVALID_NAMESPACE);
        assertThat(format(2, 0).status()).isEqualTo(Status.INVALID_FIELD);
    }

    @Test
    void aHostThatDoesNotKeepTheControllerAliveLosesIt() {
        assertThat(host.admin(Entry.of(Opcode.KEEP_ALIVE)).status()).isZero();
        assertThat(set(0x0f, 1).status()).isZero();
        host.awaitStatus(2, 2);
    }
}
