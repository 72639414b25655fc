package io.sluice.bench;

import io.sluice.block.SessionOptions;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The same with latencies recorded. */
@State(Scope.Thread)
public class TimedSession extends OpenSession {
    @Override
    SessionOptions options() {
        return super.options().latency(true);
    }
}
