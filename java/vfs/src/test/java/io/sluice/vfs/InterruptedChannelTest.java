package io.sluice.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.DeviceGoneException;
import io.sluice.block.HeldDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that wait for a device that does nothing until it is allowed to. */
@Timeout(60)
class InterruptedChannelTest {
    /** A thread that reads, and what became of it. */
    private record Reader(Thread thread, CompletableFuture<Object> end) {
        static Reader start(FileChannel channel, long position) {
            CompletableFuture<Object> end = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    end.complete(channel.read(ByteBuffer.allocate(512), position));
                } catch (IOException failure) {
                    end.complete(failure);
                }
            });
            thread.start();
            return new Reader(thread, end);
        }

        Object outcome() throws Exception {
            return end.get(30, TimeUnit.SECONDS);
        }
    }

    private static void awaitSubmitted(HeldDevice held, int count) {
        while (held.submitted() < count) {
            Thread.onSpinWait();
        }
    }

    private static void awaitAsleep(Reader reader) {
        while (reader.thread.getState() == Thread.State.RUNNABLE || reader.thread.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adaptive", "spin", "sleep"})
    void anInterruptClosesTheChannelAndTheDeviceGoesOn(String waiting) throws Exception {
        HeldDevice held = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(held, "waiting", waiting)) {
            FileChannel channel = disk.open();
            Reader reader = Reader.start(channel, 0);
            awaitSubmitted(held, 1);
            CompletableFuture<Void> interrupted = CompletableFuture.runAsync(reader.thread::interrupt);
            while (channel.isOpen()) {
                Thread.onSpinWait();
            }
            assertThat(reader.end).isNotDone();
            // The device still has the memory: only when it has answered does anybody come back.
            held.allow(100);
            assertThat(reader.outcome()).isInstanceOf(ClosedByInterruptException.class);
            interrupted.get(30, TimeUnit.SECONDS);
            reader.thread.join();
            assertThat(channel.isOpen()).isFalse();
            try (FileChannel next = disk.open()) {
                assertThat(next.write(Disk.pattern(100, 1), 5)).isEqualTo(100);
            }
        }
    }

    @Test
    void whoIsInterruptedBeforeFindsItOutAtOnce() throws Exception {
        try (Disk disk = Disk.small()) {
            FileChannel channel = disk.open();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void oneWhoIsInterruptedWhileAnotherPollsLeavesTheOtherInPeace() throws Exception {
        HeldDevice held = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(held);
                FileChannel first = disk.open()) {
            Reader poller = Reader.start(first, 0);
            awaitSubmitted(held, 1);
            FileChannel second = disk.open();
            Reader follower = Reader.start(second, 512);
            awaitSubmitted(held, 2);
            awaitAsleep(follower);
            CompletableFuture<Void> interrupted = CompletableFuture.runAsync(follower.thread::interrupt);
            while (second.isOpen()) {
                Thread.onSpinWait();
            }
            held.allow(100);
            assertThat(poller.outcome()).isEqualTo(512);
            assertThat(follower.outcome()).isInstanceOf(ClosedByInterruptException.class);
            interrupted.get(30, TimeUnit.SECONDS);
            assertThat(first.isOpen()).isTrue();
        }
    }

    @Test
    void closingEndsTheCallsOfOthers() throws Exception {
        HeldDevice held = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(held, "in_flight", 1)) {
            FileChannel channel = disk.open();
            Reader one = Reader.start(channel, 0);
            awaitSubmitted(held, 1);
            Reader two = Reader.start(channel, 512);
            awaitAsleep(two);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
                try {
                    channel.close();
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            });
            // What was not begun is given up without the device.
            assertThat(two.outcome()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(closed).isNotDone();
            held.allow(100);
            closed.get(30, TimeUnit.SECONDS);
            // It was done before anything could be given up: that is no failure.
            assertThat(one.outcome()).isEqualTo(512);
            assertThat(held.submitted()).isEqualTo(1);
        }
    }

    @Test
    void aDeviceThatGoesEndsEveryCallAndAChannelOpenedLaterHasASessionOfItsOwn() throws Exception {
        HeldDevice held = new HeldDevice(512, 2048);
        try (Disk disk = Disk.of(held);
                FileChannel channel = disk.open()) {
            Reader one = Reader.start(channel, 0);
            Reader two = Reader.start(channel, 512);
            awaitSubmitted(held, 2);
            held.breakDown();
            assertThat(one.outcome()).isInstanceOf(IOException.class).satisfies(InterruptedChannelTest::isGone);
            assertThat(two.outcome()).isInstanceOf(IOException.class).satisfies(InterruptedChannelTest::isGone);
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0)).satisfies(InterruptedChannelTest::isGone);
        }
    }

    private static void isGone(Object failure) {
        Throwable cause = (Throwable) failure;
        while (cause != null && !(cause instanceof DeviceGoneException)) {
            cause = cause.getCause();
        }
        assertThat(cause).as("cause of " + failure).isNotNull();
    }
}
