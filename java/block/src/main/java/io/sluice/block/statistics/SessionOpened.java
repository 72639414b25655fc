package io.sluice.block.statistics;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A session was opened. */
@Name("io.sluice.SessionOpened")
@Label("Session Opened")
@Category("Sluice")
final class SessionOpened extends Event {
    @Label("Number")
    long number;

    @Label("Device")
    String device = "";

    @Label("Session")
    String session = "";

    @Label("First Block")
    long firstBlock;

    @Label("Blocks")
    long blocks;

    @Label("Writeable")
    boolean writeable;

    @Label("Queue Depth")
    int queueDepth;

    static void report(OpenSession opened) {
        SessionOpened event = new SessionOpened();
        if (event.shouldCommit()) {
            event.number = opened.id();
            event.device = opened.device();
            event.session = opened.label();
            event.firstBlock = opened.firstBlock();
            event.blocks = opened.blockCount();
            event.writeable = opened.writeable();
            event.queueDepth = opened.queueDepth();
            event.commit();
        }
    }
}
