package io.sluice.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pci.RegisterSpace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorbellTest {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int REGISTER = 0x1008;

    private final ScriptedDoorbells registers = new ScriptedDoorbells(false);
    private final ByteBuffer shadow = word();
    private final ByteBuffer eventIndex = word();

    private static ByteBuffer word() {
        return ByteBuffer.allocateDirect(4).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Doorbell shadowed() {
        return new Doorbell(registers, REGISTER, shadow, eventIndex);
    }

    @Test
    void withoutAShadowEveryValueGoesToTheRegister() {
        Doorbell doorbell = new Doorbell(registers, REGISTER, null, null);
        doorbell.ring(1);
        doorbell.ring(2);
        assertThat(registers.messages()).isEqualTo(2);
        assertThat(registers.at(REGISTER).getInt(0)).isEqualTo(2);
    }

    @Test
    void aRegisterThatIsMappedIsStoredTo() {
        ScriptedDoorbells mapped = new ScriptedDoorbells(true);
        new Doorbell(mapped, REGISTER, shadow, eventIndex).ring(3);
        assertThat(mapped.messages()).isZero();
        assertThat(mapped.at(REGISTER).getInt(0)).isEqualTo(3);
        assertThat(shadow.getInt(0)).isEqualTo(3);
    }

    @Test
    void whatAControllerThatIsAwakeSeesByItselfIsNotRung() {
        Doorbell doorbell = shadowed();
        doorbell.ring(1);
        assertThat(registers.messages()).as("the controller waits at 0").isEqualTo(1);
        doorbell.ring(2);
        doorbell.ring(3);
        assertThat(registers.messages())
                .as("it has not said that it waits again")
                .isEqualTo(1);
        assertThat(shadow.getInt(0)).isEqualTo(3);
        assertThat(registers.at(REGISTER).getInt(0)).isEqualTo(1);
        eventIndex.putInt(0, 3);
        doorbell.ring(6);
        assertThat(registers.messages()).isEqualTo(2);
        assertThat(registers.at(REGISTER).getInt(0)).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 129, 65536})
    void whereverAControllerWaitsItIsRungWhenTheValueGoesOnAndWhereItDoesNotWaitItIsLeftAlone(int entries) {
        Doorbell doorbell = shadowed();
        Random random = new Random(entries);
        int value = 0;
        boolean waits = true;
        for (int i = 0; i < 100_000; i++) {
            int before = registers.messages();
            value = (value + 1 + random.nextInt(entries - 1)) % entries;
            doorbell.ring(value);
            if (waits) {
                assertThat(registers.messages()).isEqualTo(before + 1);
                assertThat(registers.at(REGISTER).getInt(0)).isEqualTo(value);
            }
            waits = random.nextBoolean();
            if (waits) {
                eventIndex.putInt(0, value);
            }
        }
        assertThat(registers.messages()).isBetween(1, 100_000);
    }

    @Test
    void whatAControllerWritesThatNoQueueHasDoesNoHarm() {
        Doorbell doorbell = shadowed();
        for (int index : new int[] {-1, 0x7fff_ffff, 0x1_0000, Integer.MIN_VALUE}) {
            eventIndex.putInt(0, index);
            doorbell.ring(1);
            doorbell.ring(0);
        }
        assertThat(shadow.getInt(0)).isZero();
    }

    /** A controller that sleeps when it has seen everything, and is woken by its register alone. */
    private static final class Sleeper implements RegisterSpace {
        private final Semaphore rung = new Semaphore(0);
        private final ByteBuffer shadow;
        private final ByteBuffer eventIndex;

        Sleeper(ByteBuffer shadow, ByteBuffer eventIndex) {
            this.shadow = shadow;
            this.eventIndex = eventIndex;
        }

        /** Follows the shadow to a value; returns what it saw last when nobody woke it in time. */
        int follow(int last) throws InterruptedException {
            int seen = 0;
            while (true) {
                int there = (int) INT.getAcquire(shadow, 0);
                if (there == last) {
                    return there;
                }
                if (there != seen) {
                    seen = there;
                    continue;
                }
                INT.setVolatile(eventIndex, 0, seen);
                if ((int) INT.getVolatile(shadow, 0) == seen && !rung.tryAcquire(10, TimeUnit.SECONDS)) {
                    return seen;
                }
            }
        }

        @Override
        public long size() {
            return 0x2000;
        }

        @Override
        public int read32(long offset) {
            return 0;
        }

        @Override
        public void write32(long offset, int value) {
            rung.release();
        }

        @Override
        public long read64(long offset) {
            return 0;
        }

        @Override
        public void write64(long offset, long value) {}

        @Override
        public @Nullable ByteBuffer mapped(long offset, int length) {
            return null;
        }
    }

    @Test
    void aControllerThatFallsAsleepWhileItIsToldSomethingIsWoken() throws InterruptedException {
        int last = 50_000;
        Sleeper sleeper = new Sleeper(shadow, eventIndex);
        Doorbell doorbell = new Doorbell(sleeper, REGISTER, shadow, eventIndex);
        Thread host = new Thread(() -> {
            for (int value = 1; value <= last; value++) {
                doorbell.ring(value);
            }
        });
        host.start();
        assertThat(sleeper.follow(last)).isEqualTo(last);
        host.join();
    }
}
