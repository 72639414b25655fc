package io.sluice.block.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.block.Geometry;
import io.sluice.block.HostileNumbers;
import io.sluice.block.InvalidRequestException;
import io.sluice.block.Operation;
import io.sluice.block.SessionOptions;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks that every session makes agree with arithmetic that has no end. */
class WindowTest {
    private static final int ROUNDS = 200_000;

    private static Window window(int blockBytes, long device, long first, long count, long mostBytes)
            throws InvalidRequestException {
        Geometry geometry = new Geometry(blockBytes, device, true, 4, 1 << 16, Long.MAX_VALUE, 1 << 16, true);
        return Window.of(
                "device",
                geometry,
                SessionOptions.defaults().window(first, count).writeable(true),
                mostBytes);
    }

    private static BigInteger big(long number) {
        return BigInteger.valueOf(number);
    }

    @ParameterizedTest
    @CsvSource({
        "512, 1000, 1048576, 1048576",
        "4096, 1, 4096, 4096",
        "512, 18014398509481983, 1073741824, 1073741824",
        "65536, 140737488355327, 1048576, 65536",
        "1048576, 8796093022207, 1073741824, 2147483647"
    })
    void aTransferFitsExactlyWhereItDoes(int blockBytes, long count, long mostBytes, long memoryBytes)
            throws InvalidRequestException {
        Window window = window(blockBytes, count, 0, count, mostBytes);
        long most = window.geometry().maxTransferBlocks();
        HostileNumbers numbers = new HostileNumbers(count, count, most, memoryBytes, blockBytes);
        int fitting = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long block = numbers.next();
            long blocks = i % 2 == 0 ? 1 + i % 8 : numbers.next();
            long offset = i % 4 < 2 ? 0 : numbers.next();
            boolean inWindow = block >= 0
                    && blocks >= 1
                    && blocks <= most
                    && big(block).add(big(blocks)).compareTo(big(count)) <= 0;
            boolean fits = inWindow
                    && offset >= 0
                    && offset % 4 == 0
                    && big(blocks).multiply(big(blockBytes)).add(big(offset)).compareTo(big(memoryBytes)) <= 0;
            assertThat(window.misfit(block, blocks, offset, memoryBytes) >= 0)
                    .as("%d blocks at %d, offset %d", blocks, block, offset)
                    .isEqualTo(fits);
            assertThat(window.misfit(block, blocks) >= 0)
                    .as("%d blocks at %d", blocks, block)
                    .isEqualTo(inWindow);
            boolean changes =
                    block >= 0 && blocks >= 1 && big(block).add(big(blocks)).compareTo(big(count)) <= 0;
            assertThat(window.allowsChange(block, blocks, Long.MAX_VALUE))
                    .as("change of %d blocks at %d", blocks, block)
                    .isEqualTo(changes);
            fitting += fits ? 1 : 0;
        }
        assertThat(fitting).isPositive();
    }

    @Test
    void aWindowLiesWithinItsDevice() {
        long device = 1L << 40;
        HostileNumbers numbers = new HostileNumbers(7, device, device / 2);
        int opened = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long first = numbers.next();
            long count = numbers.next();
            if (first < 0 || count < 0) {
                continue;
            }
            boolean fits =
                    count == 0 ? first < device : big(first).add(big(count)).compareTo(big(device)) <= 0;
            try {
                Window window = window(512, device, first, count, 1 << 20);
                assertThat(fits).as("%d blocks at %d", count, first).isTrue();
                assertThat(window.geometry().blockCount()).isEqualTo(count == 0 ? device - first : count);
                assertThat(window.onDevice(1)).isEqualTo(first + 1);
                opened++;
            } catch (InvalidRequestException refusal) {
                assertThat(fits).as("%d blocks at %d", count, first).isFalse();
            }
        }
        assertThat(opened).isPositive();
    }

    @Test
    void aReadOnlyWindowAllowsNoChange() throws InvalidRequestException {
        Geometry geometry = new Geometry(512, 100, true, 1, 8, 100, 100, false);
        Window window = Window.of("device", geometry, SessionOptions.defaults(), 4096);

        assertThat(window.writeable()).isFalse();
        assertThat(window.allowsChange(0, 1, 1)).isFalse();
        assertThat(window.refusal(Operation.TRIM, 0, 1)).hasMessageContaining("read-only");
    }

    @Test
    void aWriteProtectedDeviceIsNotOpenedForWriting() {
        Geometry geometry = new Geometry(512, 100, false, 1, 8, 0, 0, false);

        assertThatThrownBy(() ->
                        Window.of("device", geometry, SessionOptions.defaults().writeable(true), 4096))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("write-protected");
    }

    @Test
    void aRefusalNamesWhatIsWrong() throws InvalidRequestException {
        Geometry geometry = new Geometry(512, 100, true, 4, 8, 0, 16, false);
        Window window = Window.of("device", geometry, SessionOptions.defaults().writeable(true), 8192);

        assertThat(window.refusal(Operation.READ, 0, 0, 8192, 0)).hasMessageContaining("at least 1");
        assertThat(window.refusal(Operation.READ, 99, 2, 8192, 0)).hasMessageContaining("window of 100 blocks");
        assertThat(window.refusal(Operation.READ, 0, 9, 8192, 0)).hasMessageContaining("at most 8 blocks");
        assertThat(window.refusal(Operation.READ, 0, 8, 8192, 8192))
                .hasMessageContaining("do not fit into the buffer of 8192");
        assertThat(window.refusal(Operation.READ, 0, 8, 8192, 2)).hasMessageContaining("no multiple of 4");
        assertThat(window.refusal(Operation.READ, 0, 1, Window.FOREIGN, 0)).hasMessageContaining("not of this session");
        assertThat(window.refusal(Operation.TRIM, 0, 1)).hasMessageContaining("cannot do that");
        assertThat(window.refusal(Operation.WRITE_ZEROES, 0, 17)).hasMessageContaining("at most 16 blocks");
        assertThat(window.refusal(Operation.SYNC, 0, 1)).hasMessageContaining("takes no memory");
    }
}
