package io.sluice.report;

import java.util.EnumSet;
import java.util.Set;

/**
 * A column of a table: one way to do the same I/O.
 *
 * @param id its name in measurements: lower case letters, digits and hyphens, or a size
 * @param label for people, short
 * @param description for people: what does the I/O, to go behind the label and a colon
 * @param labs where it can be measured
 * @param ink what charts draw it with; the same way to do I/O has the same in all tables
 */
public record Column(String id, String label, String description, Set<Lab> labs, Ink ink) {
    public Column {
        labs = Set.copyOf(labs);
    }

    /** A column of all labs. */
    static Column of(String id, String label, String description, Ink ink) {
        return new Column(id, label, description, EnumSet.allOf(Lab.class), ink);
    }

    /** A column of what the kernel's own driver does: the emulated controller lives in a process, where the kernel has no node for it. */
    static Column kernel(String id, String label, String description, Ink ink) {
        return new Column(id, label, description, EnumSet.of(Lab.GUEST, Lab.DEVICE), ink);
    }

    /** Why there is no figure in a lab that does not have it, to go behind the label and a colon. */
    String absence() {
        return "the kernel's driver cannot reach a controller in a process";
    }
}
