package io.sluice.nvme;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A controller reported something on its own, and was asked what: see {@link AsyncEvent}. */
@Name("io.sluice.ControllerEvent")
@Label("Controller Event")
@Category("Sluice")
final class ControllerEvent extends Event {
    @Label("Controller")
    String controller = "";

    @Label("Type")
    int type;

    @Label("Information")
    int information;

    @Label("Log Page")
    int logPage;

    @Label("Event")
    String event = "";

    static void report(String controller, AsyncEvent reported) {
        ControllerEvent event = new ControllerEvent();
        if (event.shouldCommit()) {
            event.controller = controller;
            event.type = reported.type();
            event.information = reported.information();
            event.logPage = reported.logPage();
            event.event = reported.description();
            event.commit();
        }
    }
}
