package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueuePairTest {
    private static final int ID = 3;

    private final ScriptedDoorbells doorbells = new ScriptedDoorbells(true);

    private record Rings(QueuePair host, ScriptedQueue device) {
        int send() {
            int slot = host.acquire();
            assertThat(slot).isNotNegative();
            host.submissions().put(host.entry(), (long) host.commandId(slot) << 16 | 2);
            host.push();
            return slot;
        }

        int sendAndRing() {
            int slot = send();
            assertThat(host.ring()).isTrue();
            return slot;
        }
    }

    private Rings rings(int submissionEntries, int completionEntries, int slots) {
        return rings(doorbells, submissionEntries, completionEntries, slots);
    }

    private static Rings rings(ScriptedDoorbells doorbells, int submissionEntries, int completionEntries, int slots) {
        ByteBuffer submissions = memory(submissionEntries * 64);
        ByteBuffer completions = memory(completionEntries * 16);
        return new Rings(
                new QueuePair(
                        ID,
                        submissions,
                        completions,
                        slots,
                        plain(doorbells, 0x1000 + 8 * ID),
                        plain(doorbells, 0x1004 + 8 * ID)),
                new ScriptedQueue(
                        ID, submissions, completions, doorbells.at(0x1000 + 8 * ID), doorbells.at(0x1004 + 8 * ID)));
    }

    private static Doorbell plain(ScriptedDoorbells doorbells, int offset) {
        return new Doorbell(doorbells, offset, null, null);
    }

    private static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect((bytes + 4095 & -4096) + 4096)
                .alignedSlice(4096)
                .slice(0, bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 1", "2, 4, 1", "3, 3, 2", "5, 5, 4", "9, 18, 8", "129, 258, 128", "8, 8, 5"})
    void ringsWrapAndThePhaseFlips(int submissionEntries, int completionEntries, int slots) {
        Rings rings = rings(submissionEntries, completionEntries, slots);
        for (int round = 0; round < 3 * completionEntries + 7; round++) {
            Set<Integer> sent = new HashSet<>();
            for (int i = 0; i <= round % slots; i++) {
                assertThat(sent.add(rings.send())).isTrue();
            }
            assertThat(rings.host.ring()).isTrue();
            assertThat(rings.host.ready()).isFalse();
            assertThat(rings.device.completeAll()).isEqualTo(sent.size());
            assertThat(rings.host.ready()).isTrue();
            while (!sent.isEmpty()) {
                assertThat(sent.remove(rings.host.reap())).isTrue();
                assertThat(rings.host.status()).isZero();
            }
            assertThat(rings.host.reap()).isEqualTo(QueuePair.EMPTY);
        }
        assertThat(rings.host.strays()).isZero();
        assertThat(rings.host.inFlight()).isZero();
    }

    @Test
    void theLargestQueueWorks() {
        Rings rings = rings(65536, 65536, 65535);
        for (int round = 0; round < 2; round++) {
            Set<Integer> identifiers = new HashSet<>();
            for (int i = 0; i < 65535; i++) {
                identifiers.add(rings.host.commandId(rings.send()));
            }
            assertThat(identifiers).hasSize(65535).doesNotContain(0xffff);
            assertThat(rings.host.acquire()).isNegative();
            rings.host.ring();
            assertThat(rings.device.completeAll()).isEqualTo(65535);
            for (int i = 0; i < 65535; i++) {
                assertThat(rings.host.reap()).isNotNegative();
            }
        }
        assertThat(rings.host.strays()).isZero();
    }

    @Test
    void noMoreCommandsThanSlotsAreInFlight() {
        Rings rings = rings(8, 8, 3);
        rings.send();
        rings.send();
        rings.send();

        assertThat(rings.host.acquire()).isNegative();
        assertThat(rings.host.inFlight()).isEqualTo(3);
    }

    @Test
    void ringingWithoutNewEntriesDoesNothing() {
        Rings rings = rings(4, 4, 3);

        assertThat(rings.host.ring()).isFalse();
        rings.sendAndRing();
        assertThat(rings.host.ring()).isFalse();
    }

    @Test
    void doorbellsThatAreNotMappedAreRungByMessage() {
        ScriptedDoorbells unmapped = new ScriptedDoorbells(false);
        Rings rings = rings(unmapped, 4, 4, 3);
        int slot = rings.sendAndRing();
        rings.device.completeAll();

        assertThat(rings.host.reap()).isEqualTo(slot);
        rings.host.releaseCompletions();
        assertThat(unmapped.messages()).isEqualTo(2);
        assertThat(rings.device.unreleased()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 128, 1000})
    void everyUseOfASlotHasAnotherIdentifierUntilTheGenerationsAreUsedUp(int slots) {
        Rings rings = rings(slots + 1, slots + 1, slots);
        int numbered = slots == 1 ? 1 : Integer.highestOneBit(slots - 1) << 1;
        Set<Integer> identifiers = new HashSet<>();
        for (int use = 0; use < 0x10000 / numbered - 1; use++) {
            int slot = rings.sendAndRing();
            int identifier = rings.host.commandId(slot);
            assertThat(identifiers.add(identifier)).isTrue();
            assertThat(identifier).isBetween(0, 0xfffe);
            rings.device.completeAll();
            assertThat(rings.host.reap()).isEqualTo(slot);
            rings.host.releaseCompletions();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 128})
    void noCommandHasTheIdentifierThatMeansNone(int slots) {
        Rings rings = rings(slots + 1, slots + 1, slots);
        for (int use = 0; use < 0x10000 / slots + 2; use++) {
            for (int i = 0; i < slots; i++) {
                assertThat(rings.host.commandId(rings.send())).isBetween(0, 0xfffe);
            }
            rings.host.ring();
            rings.device.completeAll();
            for (int i = 0; i < slots; i++) {
                assertThat(rings.host.reap()).isNotNegative();
            }
            rings.host.releaseCompletions();
        }
    }

    @Test
    void aCompletionWithoutItsPhaseIsNotTaken() {
        Rings rings = rings(4, 4, 3);
        int slot = rings.sendAndRing();
        SubmissionEntry command = rings.device.fetchOne();
        rings.device.postWithoutPhase(command.commandId());

        assertThat(rings.host.ready()).isFalse();
        assertThat(rings.host.reap()).isEqualTo(QueuePair.EMPTY);
        rings.device.complete(command);
        assertThat(rings.host.reap()).isEqualTo(slot);
    }

    @Test
    void statusAndResultAreThoseOfTheCompletionTaken() {
        Rings rings = rings(4, 4, 3);
        rings.send();
        rings.sendAndRing();
        List<SubmissionEntry> commands = rings.device.fetch();
        rings.device.post(commands.get(1).commandId(), 0x4281, 0xcafe);
        rings.device.post(commands.get(0).commandId(), 0, 0xbabe);

        assertThat(rings.host.reap()).isEqualTo(1);
        assertThat(rings.host.status()).isEqualTo(0x4281);
        assertThat(rings.host.result()).isEqualTo(0xcafe);
        assertThat(rings.host.reap()).isZero();
        assertThat(rings.host.status()).isZero();
        assertThat(rings.host.result()).isEqualTo(0xbabe);
    }

    @Test
    void completionsOutOfOrderFindTheirSlots() {
        long seed = 7;
        Random random = new Random(seed);
        Rings rings = rings(17, 40, 16);
        List<SubmissionEntry> atDevice = new ArrayList<>();
        Set<Integer> inFlight = new HashSet<>();
        for (int step = 0; step < 20_000; step++) {
            if (random.nextBoolean() && inFlight.size() < 16) {
                assertThat(inFlight.add(rings.sendAndRing())).isTrue();
                atDevice.addAll(rings.device.fetch());
            } else if (!atDevice.isEmpty()) {
                rings.device.complete(atDevice.remove(random.nextInt(atDevice.size())));
                assertThat(inFlight.remove(rings.host.reap())).isTrue();
            }
            assertThat(rings.host.inFlight()).isEqualTo(inFlight.size());
        }
        assertThat(rings.host.strays()).isZero();
    }

    @Test
    void aDuplicateCompletionIsDropped() {
        Rings rings = rings(8, 8, 3);
        int slot = rings.sendAndRing();
        SubmissionEntry command = rings.device.fetchOne();
        rings.device.complete(command);
        rings.device.complete(command);

        assertThat(rings.host.reap()).isEqualTo(slot);
        assertThat(rings.host.reap()).isEqualTo(QueuePair.STRAY);
        assertThat(rings.host.reap()).isEqualTo(QueuePair.EMPTY);
        assertThat(rings.host.strays()).isEqualTo(1);
    }

    @Test
    void aDuplicateCompletionIsNotTakenForTheNextCommandInTheSlot() {
        Rings rings = rings(8, 8, 1);
        rings.sendAndRing();
        SubmissionEntry first = rings.device.fetchOne();
        rings.device.complete(first);
        assertThat(rings.host.reap()).isZero();
        int slot = rings.sendAndRing();
        SubmissionEntry second = rings.device.fetchOne();
        rings.device.complete(first);

        assertThat(rings.host.reap()).isEqualTo(QueuePair.STRAY);
        assertThat(rings.host.inFlight(slot)).isTrue();
        rings.device.complete(second);
        assertThat(rings.host.reap()).isEqualTo(slot);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 7, 0x8000, 0xfffe, 0xffff})
    void identifiersOfNoCommandAreDropped(int identifier) {
        Rings rings = rings(8, 8, 5);

        rings.device.post(identifier, 0, 0);

        assertThat(rings.host.reap()).isEqualTo(QueuePair.STRAY);
        assertThat(rings.host.inFlight()).isZero();
        assertThat(rings.host.acquire()).isNotNegative();
    }

    @Test
    void aCompletionForAnotherQueueIsDropped() {
        Rings rings = rings(8, 8, 3);
        int slot = rings.sendAndRing();
        SubmissionEntry command = rings.device.fetchOne();
        rings.device.post(command.commandId(), ID + 1, 0, 0);

        assertThat(rings.host.reap()).isEqualTo(QueuePair.STRAY);
        assertThat(rings.host.inFlight(slot)).isTrue();
    }

    @Test
    void theSlotOfAnAbandonedCommandIsFreedByItsLateCompletionAlone() {
        Rings rings = rings(8, 8, 1);
        int slot = rings.sendAndRing();
        SubmissionEntry command = rings.device.fetchOne();
        rings.host.abandon(slot);

        assertThat(rings.host.inFlight()).isZero();
        assertThat(rings.host.inFlight(slot)).isFalse();
        assertThat(rings.host.acquire()).isNegative();
        rings.device.post(command.commandId(), ID + 1, 0, 0);
        assertThat(rings.host.reap()).isEqualTo(QueuePair.STRAY);
        assertThat(rings.host.acquire()).isNegative();

        rings.device.complete(command);
        assertThat(rings.host.reap()).isEqualTo(QueuePair.STRAY);
        assertThat(rings.host.strays()).isEqualTo(2);
        assertThat(rings.host.acquire()).isEqualTo(slot);
        assertThat(rings.host.commandId(slot)).isNotEqualTo(command.commandId());
        assertThat(rings.host.inFlight()).isEqualTo(1);
    }

    @Test
    void aCancelledSlotIsFreeAgain() {
        Rings rings = rings(8, 8, 1);
        int slot = rings.host.acquire();
        int identifier = rings.host.commandId(slot);

        rings.host.cancel(slot);

        assertThat(rings.host.inFlight()).isZero();
        assertThat(rings.host.acquire()).isEqualTo(slot);
        assertThat(rings.host.commandId(slot)).isNotEqualTo(identifier);
    }

    @ParameterizedTest
    @CsvSource({"9, 9, 8", "9, 10, 8", "9, 12, 8", "9, 18, 8", "129, 258, 128", "2, 2, 1"})
    void theCompletionQueueNeverOverflowsHoweverLateEntriesAreGivenBack(
            int submissionEntries, int completionEntries, int slots) {
        Rings rings = rings(submissionEntries, completionEntries, slots);
        long seed = completionEntries;
        Random random = new Random(seed);
        int rung = 0;
        for (int step = 0; step < 10_000; step++) {
            // The device throws when it finds no room for a completion.
            while (rings.host.inFlight() < slots && random.nextInt(8) != 0) {
                rings.send();
            }
            rings.host.ring();
            rung += rings.device.completeAll();
            // Some polls stop early, and a handler may submit and ring between two completions.
            for (int i = random.nextInt(slots) + 1; i > 0 && rings.host.reap() != QueuePair.EMPTY; i--) {
                if (random.nextInt(4) == 0) {
                    rings.sendAndRing();
                    rung += rings.device.completeAll();
                }
            }
            if (random.nextBoolean()) {
                rings.host.releaseCompletions();
            }
        }
        assertThat(rung).isGreaterThan(5_000);
        assertThat(rings.host.strays()).isZero();
    }

    @Test
    void mostPollsLeaveTheCompletionDoorbellAlone() {
        ScriptedDoorbells unmapped = new ScriptedDoorbells(false);
        Rings rings = rings(unmapped, 129, 258, 128);
        for (int i = 0; i < 1000; i++) {
            rings.sendAndRing();
            rings.device.completeAll();
            assertThat(rings.host.reap()).isNotNegative();
        }
        assertThat(unmapped.messages() - 1000).isLessThan(20);
    }

    @Test
    void entriesThatStrayCompletionsOccupiedAreGivenBackToo() {
        Rings rings = rings(4, 4, 3);
        ArrayDeque<Integer> seen = new ArrayDeque<>();
        for (int i = 0; i < 50; i++) {
            rings.device.post(0x1234, 0, 0);
            seen.add(rings.host.reap());
        }
        assertThat(seen).containsOnly(QueuePair.STRAY);
        assertThat(rings.host.strays()).isEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource({"4, 4, 0", "4, 4, 4", "4, 8, 4", "8, 4, 4"})
    void slotsThatTheRingsCannotHoldAreRefused(int submissionEntries, int completionEntries, int slots) {
        assertThatThrownBy(() -> rings(submissionEntries, completionEntries, slots))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(slots + " slots");
    }

    @Test
    void itSaysHowFullItIs() {
        Rings rings = rings(8, 8, 5);
        rings.send();

        assertThat(rings.host).asString().contains("queue pair 3", "1 of 5 in flight", "tail 1", "head 0");
    }
}
