package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both layers do the work that is measured. */
class LayersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 32, 128})
    void theBareRingReadsRoundAndRound(int batch) {
        BareRing ring = new BareRing();
        ring.batch = batch;
        for (int i = 0; i < 1000; i++) {
            ring.round();
        }
        assertThat(ring.sum()).isEqualTo(1000L * batch * (batch - 1) / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 32, 128})
    void theSessionReadsRoundAndRound(int batch) throws IOException {
        OpenSession session = new OpenSession();
        session.batch = batch;
        session.open();
        for (int i = 0; i < 1000; i++) {
            session.round();
        }
        assertThat(session.sum()).isEqualTo(1000L * batch * (batch - 1) / 2);
        session.close();
    }
}
