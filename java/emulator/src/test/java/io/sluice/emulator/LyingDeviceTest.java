package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.block.BlockIoException;
import io.sluice.block.BlockSession;
import io.sluice.block.Completion;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;
import io.sluice.block.RamDevice;
import io.sluice.block.SessionOptions;
import io.sluice.emulator.Fault.CorruptCompletion;
import io.sluice.emulator.Trigger.QueueKind;
import io.sluice.nvme.ControllerOptions;
import io.sluice.nvme.NvmeController;
import io.sluice.nvme.SglUse;
import io.sluice.pci.LocalFunction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/**
 * The driver on a device that says anything and fails in any way. It throws nothing but what it documents, ends in time, and reports every operation at most once. The
 * seed is in the failure's message; {@code -Dsluice.seed=} runs it again.
 */
@Timeout(120)
class LyingDeviceTest {
    private static final Duration SOON = Duration.ofMillis(30);
    private static final int OPERATIONS = 300;

    @RepeatedTest(40)
    void theDriverThrowsWhatItDocumentsAndEnds(RepetitionInfo repetition) {
        long seed = Long.getLong("sluice.seed", System.nanoTime() + repetition.getCurrentRepetition());
        List<Fault> faults = new ArrayList<>();
        try {
            run(seed, faults);
        } catch (IOException documented) {
            assertThat(documented.getMessage()).isNotBlank();
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "with -Dsluice.seed=" + seed + " and " + faults + ": " + failure.getMessage(), failure);
        }
    }

    private static void run(long seed, List<Fault> faults) throws IOException {
        Random random = new Random(seed);
        EmulatedController.Builder builder = EmulatedController.builder()
                .namespace(new RamDevice("ram", 512, 4096))
                .namespace(2, new RamDevice("other", 4096, 64))
                .readyTimeoutMillis(500)
                .seed(seed);
        for (int i = random.nextInt(4); i >= 0; i--) {
            Fault fault = randomFault(random);
            faults.add(fault);
            builder.fault(fault);
        }
        EmulatedController controller = builder.build();
        ControllerOptions options = ControllerOptions.defaults()
                .adminDeadline(SOON)
                .shutdownDeadline(SOON)
                .sglUse(SglUse.values()[random.nextInt(SglUse.values().length)]);
        try (NvmeController driver = NvmeController.open(LocalFunction.owning(controller), options)) {
            for (int id : driver.namespaceIds().stream().limit(3).toList()) {
                use(driver, id, random);
            }
            int ignored = driver.events().size() + driver.errorLog(64).size();
        } finally {
            assertThat(controller.failure()).isNull();
        }
    }

    private static void use(NvmeController driver, int id, Random random) throws IOException {
        try (BlockSession session = driver.namespace(id)
                .open(SessionOptions.defaults()
                        .writeable(random.nextBoolean())
                        .bufferBytes(1 << 17)
                        .queueDepth(1 + random.nextInt(40))
                        .interrupts(random.nextBoolean())
                        .deadline(SOON))) {
            boolean[] reported = new boolean[OPERATIONS];
            Completion completion = new Completion() {
                @Override
                public void completed(long tag) {
                    assertThat(reported[(int) tag])
                            .as("operation %s is reported twice", tag)
                            .isFalse();
                    reported[(int) tag] = true;
                }

                @Override
                public void failed(long tag, BlockIoException failure) {
                    completed(tag);
                    assertThat(failure.getMessage()).isNotBlank();
                }
            };
            for (int tag = 0; tag < OPERATIONS; ) {
                Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
                try {
                    long block = random.nextInt(64);
                    if (session.submit(operation, block, 1 + random.nextInt(4), session.buffer(), 0, tag)) {
                        tag++;
                    } else {
                        session.commit();
                        if (session.poll(completion, 40) == 0 && session.inFlight() == 0) {
                            // Every slot is kept for an answer that may still come.
                            return;
                        }
                        session.await(10_000_000);
                    }
                } catch (InvalidRequestException refused) {
                    tag++;
                }
            }
        }
    }

    private static Fault randomFault(Random random) {
        Trigger trigger = new Trigger(
                QueueKind.values()[random.nextInt(3)],
                -1,
                -1,
                random.nextBoolean() ? 0 : random.nextInt(200),
                random.nextBoolean() ? 1 + random.nextInt(3) : Long.MAX_VALUE,
                1 + random.nextInt(random.nextBoolean() ? 100 : 10));
        return switch (random.nextInt(18)) {
            case 0 -> new Fault.DropCompletion(trigger);
            case 1 -> new Fault.DelayCompletion(trigger, random.nextInt(60_000_000));
            case 2 -> new Fault.AnswerAfterAbort(trigger, random.nextInt(1_000_000));
            case 3 -> new Fault.DuplicateCompletion(trigger);
            case 4, 5 -> new CorruptCompletion(trigger, CorruptCompletion.Field.values()[random.nextInt(3)]);
            case 6 -> new Fault.FailCommand(trigger, 1 + random.nextInt(0x7ff));
            case 7 ->
                new Fault.DamageData(
                        trigger, Fault.DamageData.Damage.values()[random.nextInt(4)], random.nextInt(100) - 50);
            case 8 -> new Fault.LoseInterrupt(trigger);
            case 9 -> new Fault.IgnoreDoorbell(trigger);
            case 10 -> new Fault.FailController(trigger, random.nextBoolean());
            case 11 -> new Fault.StatusAllOnes(trigger);
            case 12 -> new Fault.Remove(trigger, false);
            case 13 -> new Fault.HangShutdown(trigger);
            case 14 ->
                new Fault.LieInIdentify(
                        trigger, random.nextInt(3), random.nextInt(600), random.nextLong(), 1 + random.nextInt(8));
            default -> new Fault.ScrambleIdentify(trigger, 1 + random.nextInt(random.nextBoolean() ? 10 : 4096));
        };
    }
}
