package io.sluice.pci.vfiouser;

import io.sluice.linux.Descriptor;
import io.sluice.linux.EventTrigger;
import io.sluice.pci.vfiouser.Request.SetInterrupts;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Action;
import io.sluice.pci.vfiouser.Request.SetInterrupts.Data;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The event descriptors by which a client wants to hear of interrupts. One thread changes them; any may raise. */
final class ClientEvents {
    private final Map<InterruptKind, AtomicReferenceArray<EventTrigger>> kinds = new EnumMap<>(InterruptKind.class);
    private final AtomicReferenceArray<EventTrigger> messages;

    /** Without any descriptor, for a device that has so many message interrupts. */
    ClientEvents(int messageInterrupts) {
        messages = new AtomicReferenceArray<>(messageInterrupts);
        for (InterruptKind kind : InterruptKind.values()) {
            kinds.put(
                    kind,
                    switch (kind) {
                        case INTX, MSI -> new AtomicReferenceArray<>(0);
                        case MSIX -> messages;
                        case ERROR, REQUEST -> new AtomicReferenceArray<>(1);
                    });
        }
    }

    private AtomicReferenceArray<EventTrigger> of(int index) throws RefusedException {
        InterruptKind kind = InterruptKind.of(index);
        if (kind == null) {
            throw RefusedException.invalid("there are no interrupts of index " + Integer.toUnsignedString(index));
        }
        return kinds.get(kind);
    }

    /** How many of a kind there are. */
    int count(int index) throws RefusedException {
        return of(index).length();
    }

    /** Does what a request says; the descriptors that came with it belong to this object unless it throws. */
    void set(SetInterrupts request, List<Descriptor> descriptors) throws RefusedException {
        AtomicReferenceArray<EventTrigger> events = of(request.index());
        int start = request.start();
        int count = request.count();
        if (start < 0 || start > events.length() || count < 0 || count > events.length() - start) {
            throw RefusedException.invalid("DEVICE_SET_IRQS names " + Integer.toUnsignedString(count)
                    + " interrupts from " + Integer.toUnsignedString(start) + " on, of " + events.length());
        }
        if (request.action() != Action.TRIGGER) {
            throw RefusedException.invalid("DEVICE_SET_IRQS: interrupts of this device are not masked by messages");
        }
        if (request.data() == Data.EVENTS) {
            if (!descriptors.isEmpty() && descriptors.size() != count) {
                throw RefusedException.invalid(
                        "DEVICE_SET_IRQS brings " + descriptors.size() + " descriptors for " + count + " interrupts");
            }
            replace(events, start, count, events(descriptors));
        } else if (!descriptors.isEmpty()) {
            throw RefusedException.invalid("DEVICE_SET_IRQS brings descriptors, and its flags say that it does not");
        } else if (count == 0) {
            // With a count of 0 the whole kind is meant.
            replace(events, 0, events.length(), List.of());
        } else {
            for (int i = 0; i < count; i++) {
                if (request.data() == Data.NONE || request.chosen()[i] != 0) {
                    raise(events, start + i);
                }
            }
        }
    }

    private static List<EventTrigger> events(List<Descriptor> descriptors) throws RefusedException {
        List<EventTrigger> received = new ArrayList<>(descriptors.size());
        try {
            for (Descriptor descriptor : descriptors) {
                received.add(EventTrigger.received(descriptor));
            }
            return received;
        } catch (IOException noEvent) {
            received.forEach(EventTrigger::close);
            RefusedException refusal = RefusedException.invalid("DEVICE_SET_IRQS: " + noEvent.getMessage());
            refusal.initCause(noEvent);
            throw refusal;
        }
    }

    private static void replace(
            AtomicReferenceArray<EventTrigger> events, int start, int count, List<EventTrigger> by) {
        for (int i = 0; i < count; i++) {
            EventTrigger former = events.getAndSet(start + i, by.isEmpty() ? null : by.get(i));
            if (former != null) {
                former.close();
            }
        }
    }

    /** Raises a message interrupt; nothing happens where nobody wants to hear of it. */
    void message(int vector) {
        if (vector >= 0 && vector < messages.length()) {
            raise(messages, vector);
        }
    }

    /** Asks the client to give the device back, if it wants to hear that. */
    void requestRemoval() {
        raise(kinds.get(InterruptKind.REQUEST), 0);
    }

    private static void raise(AtomicReferenceArray<EventTrigger> events, int number) {
        EventTrigger event = events.get(number);
        if (event != null) {
            try {
                event.signal();
            } catch (IOException takenAway) {
                // The client replaced it at this moment, and will not look for what came before.
                return;
            }
        }
    }

    /** Closes all descriptors; no interrupt is raised any more. */
    void close() {
        kinds.values().forEach(events -> replace(events, 0, events.length(), List.of()));
    }
}
