package io.sluice.partition;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a mediator does its work. Immutable; the methods return changed copies.
 *
 * <p>The defaults: sessions share a queue when the device runs out of them, as {@link MultiplexerOptions#defaults} say; nobody is told of events.
 *
 * @param sharesQueues whether sessions share the device's last queue when there are more of them than queues; otherwise the last queue goes to one session,
 *     and further ones are refused
 * @param sharing how they share it
 * @param events told of each event, by the thread that causes it, which waits meanwhile; it must not open or close sessions.
 *     What it throws is thrown by what caused the event: a session that would have been opened is closed then, and windows are taken away all the same
 */
public record MediatorOptions(boolean sharesQueues, MultiplexerOptions sharing, Consumer<MediatorEvent> events) {
    private static final MediatorOptions DEFAULTS =
            new MediatorOptions(true, MultiplexerOptions.defaults(), event -> {});

    public MediatorOptions {
        Objects.requireNonNull(sharing, "sharing");
        Objects.requireNonNull(events, "events");
    }

    /** The defaults of the class description. */
    public static MediatorOptions defaults() {
        return DEFAULTS;
    }

    /** Whether sessions share the last queue. */
    public MediatorOptions sharesQueues(boolean value) {
        return new MediatorOptions(value, sharing, events);
    }

    /** How they share it. */
    public MediatorOptions sharing(MultiplexerOptions value) {
        return new MediatorOptions(sharesQueues, value, events);
    }

    /** Who is told of events. */
    public MediatorOptions events(Consumer<MediatorEvent> value) {
        return new MediatorOptions(sharesQueues, sharing, value);
    }
}
