package io.sluice.block.driver;

import io.sluice.block.Operation;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingDefinition;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** An operation that took longer than its session's options, and the recording's setting {@code longerThan}, allow. */
@Name("io.sluice.SlowOperation")
@Label("Slow Operation")
@Category("Sluice")
@Description(
        "An operation of a session took long, from the commit that told the device of it to the poll that found it done")
@StackTrace(false)
final class SlowOperation extends Event {
    /** Never committed: asked whether anybody would record one, at the price of a load. */
    private static final SlowOperation PROBE = new SlowOperation();

    @Label("Device")
    String device = "";

    @Label("Session")
    String session = "";

    @Label("Operation")
    String operation = "";

    @Label("First Block")
    long block;

    @Label("Blocks")
    long blocks;

    @Label("Latency")
    @Timespan(Timespan.NANOSECONDS)
    long latency;

    static boolean isWanted() {
        return PROBE.isEnabled();
    }

    static void report(String device, String session, Operation operation, long block, long blocks, long nanos) {
        SlowOperation event = new SlowOperation();
        event.device = device;
        event.session = session;
        event.operation = operation.name();
        event.block = block;
        event.blocks = blocks;
        event.latency = nanos;
        event.commit();
    }

    @Label("Longer Than")
    @SettingDefinition
    boolean longerThan(LatencySetting setting) {
        return setting.allows(latency);
    }
}
