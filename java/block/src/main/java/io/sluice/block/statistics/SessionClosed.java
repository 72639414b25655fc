package io.sluice.block.statistics;

import io.sluice.block.SessionStatistics;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A session has ended, and what it did. */
@Name("io.sluice.SessionClosed")
@Label("Session Closed")
@Category("Sluice")
final class SessionClosed extends Event {
    @Label("Number")
    long number;

    @Label("Device")
    String device = "";

    @Label("Session")
    String session = "";

    @Label("Reads")
    long reads;

    @Label("Writes")
    long writes;

    @Label("Syncs")
    long syncs;

    @Label("Blocks Read")
    long blocksRead;

    @Label("Blocks Written")
    long blocksWritten;

    @Label("Failures")
    long failures;

    static void report(OpenSession closed) {
        SessionClosed event = new SessionClosed();
        if (event.shouldCommit()) {
            SessionStatistics did = closed.statistics();
            event.number = closed.id();
            event.device = closed.device();
            event.session = closed.label();
            event.reads = did.reads();
            event.writes = did.writes();
            event.syncs = did.syncs();
            event.blocksRead = did.blocksRead();
            event.blocksWritten = did.blocksWritten();
            event.failures = did.failures();
            event.commit();
        }
    }
}
