package io.sluice.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.linux.IovaRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IovaAllocatorTest {
    private static final long MIB = 1 << 20;
    private static final List<IovaRange> X86 =
            List.of(new IovaRange(0, 0xfedf_ffffL), new IovaRange(0xfef0_0000L, 0x7fff_ffff_ffffL));

    @Test
    void addressZeroIsNeverGiven() {
        assertThat(new IovaAllocator(X86, 4096).allocate(4096)).hasValue(0x10000);
    }

    @Test
    void firstFitFillsTheHoleBeforeLargePieces() {
        IovaAllocator allocator = new IovaAllocator(X86, 4096);
        assertThat(allocator.allocate(4096)).hasValue(0x10000);
        assertThat(allocator.allocate(4 * MIB)).hasValue(2 * MIB);
        assertThat(allocator.allocate(8192)).hasValue(0x11000);
    }

    @Test
    void rangesWithHolesAreNotCrossed() {
        IovaAllocator allocator = new IovaAllocator(
                List.of(new IovaRange(0x10_0000, 0x10_1fff), new IovaRange(0x20_0000, 0x20_3fff)), 4096);
        assertThat(allocator.allocate(0x4000)).hasValue(0x20_0000);
        assertThat(allocator.allocate(0x4000)).isEmpty();
        assertThat(allocator.allocate(0x2000)).hasValue(0x10_0000);
        assertThat(allocator.freeBytes()).isZero();
        assertThat(allocator.allocate(4096)).isEmpty();
    }

    @Test
    void unalignedEndsOfRangesAreLeftOut() {
        IovaAllocator allocator = new IovaAllocator(List.of(new IovaRange(0x10_0001, 0x10_2ffe)), 4096);
        assertThat(allocator.freeBytes()).isEqualTo(4096);
        assertThat(allocator.allocate(4096)).hasValue(0x10_1000);
    }

    @Test
    void wholeAddressSpaceDoesNotWrap() {
        IovaAllocator allocator = new IovaAllocator(List.of(new IovaRange(0, -1L)), 4096);
        assertThat(allocator.allocate(1L << 62)).hasValue(2 * MIB);
        assertThat(allocator.allocate(1L << 62)).isEmpty();
        assertThat(allocator.allocate(Long.MAX_VALUE & -4096L)).isEmpty();
        IovaAllocator top = new IovaAllocator(List.of(new IovaRange(Long.MIN_VALUE, -1L)), 4096);
        assertThat(top.allocate(4096)).isEmpty();
    }

    @Test
    void kernelThatReportsNothingGetsTheUsualRanges() {
        IovaAllocator allocator = new IovaAllocator(List.of(), 4096);
        assertThat(allocator.pieces()).isEqualTo(2);
        assertThat(allocator.allocate(4096)).hasValue(0x10000);
    }

    @Test
    void givingBackTwiceIsAnErrorAndSizesAreWholeUnits() {
        IovaAllocator allocator = new IovaAllocator(X86, 4096);
        long address = allocator.allocate(8192).getAsLong();
        allocator.free(address, 8192);
        assertThatThrownBy(() -> allocator.free(address, 8192)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> allocator.allocate(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> allocator.allocate(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> allocator.allocate(-4096)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void piecesNeverOverlapAndAllMergesBackWhateverTheOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<IovaRange> ranges = List.of(new IovaRange(0, 64 * MIB - 1), new IovaRange(80 * MIB, 96 * MIB - 1));
        IovaAllocator allocator = new IovaAllocator(ranges, 4096);
        long all = allocator.freeBytes();
        List<long[]> taken = new ArrayList<>();
        for (int step = 0; step < 5000; step++) {
            if (random.nextInt(5) < 3) {
                long bytes = 4096L * (random.nextInt(10) == 0 ? 512 + random.nextInt(1024) : 1 + random.nextInt(64));
                allocator.allocate(bytes).ifPresent(address -> {
                    check(seed, ranges, taken, address, bytes);
                    taken.add(new long[] {address, bytes});
                });
            } else if (!taken.isEmpty()) {
                long[] piece = taken.remove(random.nextInt(taken.size()));
                allocator.free(piece[0], piece[1]);
            }
            long used = taken.stream().mapToLong(piece -> piece[1]).sum();
            assertThat(allocator.freeBytes()).as("seed %d", seed).isEqualTo(all - used);
        }
        taken.forEach(piece -> allocator.free(piece[0], piece[1]));
        assertThat(allocator.freeBytes()).as("seed %d", seed).isEqualTo(all);
        assertThat(allocator.pieces()).as("seed %d", seed).isEqualTo(2);
    }

    private static void check(long seed, List<IovaRange> ranges, List<long[]> taken, long address, long bytes) {
        long alignment = bytes >= 2 * MIB ? 2 * MIB : 4096;
        assertThat(address % alignment).as("seed %d", seed).isZero();
        assertThat(ranges)
                .as("seed %d", seed)
                .anyMatch(range -> address >= range.first() && address + bytes - 1 <= range.last());
        assertThat(taken)
                .as("seed %d", seed)
                .noneMatch(piece -> address < piece[0] + piece[1] && piece[0] < address + bytes);
    }
}
