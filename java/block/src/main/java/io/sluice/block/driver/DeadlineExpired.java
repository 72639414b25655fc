package io.sluice.block.driver;

import io.sluice.block.Operation;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A device did not answer an operation in time, which was then reported as failed: an event of the Java Flight Recorder. */
@Name("io.sluice.DeadlineExpired")
@Label("Deadline Expired")
@Category("Sluice")
@Description("A device did not answer an operation within the session's deadline")
@StackTrace(false)
public final class DeadlineExpired extends Event {
    @Label("Device")
    String device = "";

    @Label("Operation")
    String operation = "";

    @Label("First Block")
    long block;

    @Label("Blocks")
    long blocks;

    @Label("Deadline")
    @Timespan(Timespan.NANOSECONDS)
    long deadline;

    private DeadlineExpired() {}

    /** Records it, if anybody records. Any thread. */
    public static void report(String device, Operation operation, long block, long blocks, long deadlineNanos) {
        DeadlineExpired event = new DeadlineExpired();
        event.device = device;
        event.operation = operation.name();
        event.block = block;
        event.blocks = blocks;
        event.deadline = deadlineNanos;
        event.commit();
    }
}
