package io.sluice.nvme;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A controller came to another place in its life; a reset is one to {@link ControllerState#RESETTING}. */
@Name("io.sluice.ControllerStateChanged")
@Label("Controller State Changed")
@Category("Sluice")
final class ControllerStateChanged extends Event {
    @Label("Controller")
    String controller = "";

    @Label("From")
    String from = "";

    @Label("To")
    String to = "";

    static void report(String controller, ControllerState from, ControllerState to) {
        ControllerStateChanged event = new ControllerStateChanged();
        event.controller = controller;
        event.from = from.name();
        event.to = to.name();
        event.commit();
    }
}
