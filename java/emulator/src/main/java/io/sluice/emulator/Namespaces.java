package io.sluice.emulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The namespaces of the subsystem by their identifiers, from 1 on. For the controller's thread alone. */
final class Namespaces {
    /** NSID of commands that mean all namespaces. */
    static final int ALL = -1;

    private final @Nullable Namespace[] byId;
    private List<Namespace> list = new ArrayList<>();
    private final List<Integer> changed = new ArrayList<>();

    private long spareBytes;

    /**
     * None yet.
     *
     * @param largestId largest identifier (NN)
     * @param spareBytes what namespaces can be made of
     */
    Namespaces(int largestId, long spareBytes) {
        this.byId = new Namespace[largestId + 1];
        this.spareBytes = spareBytes;
    }

    long spareBytes() {
        return spareBytes;
    }

    void spareBytes(long change) {
        spareBytes += change;
    }

    int largestId() {
        return byId.length - 1;
    }

    void add(Namespace namespace) {
        byId[namespace.id()] = namespace;
        renew();
    }

    void remove(Namespace namespace) {
        byId[namespace.id()] = null;
        renew();
    }

    private void renew() {
        list = new ArrayList<>();
        for (Namespace namespace : byId) {
            if (namespace != null) {
                list.add(namespace);
            }
        }
    }

    /** All of them, attached or not, by identifier. */
    List<Namespace> all() {
        return list;
    }

    /** A namespace that exists; null when there is none, or the identifier is none. */
    @Nullable
    Namespace allocated(int id) {
        return id > 0 && id < byId.length ? byId[id] : null;
    }

    /** A namespace that is attached to the controller. */
    @Nullable
    Namespace active(int id) {
        Namespace namespace = allocated(id);
        return namespace != null && namespace.attached() ? namespace : null;
    }

    /** Why an identifier names no active namespace (section 6.1.5): it is one, but inactive, or it is none. */
    int refusal(int id) {
        return id > 0 && id < byId.length ? Status.INVALID_FIELD : Status.INVALID_NAMESPACE;
    }

    int freeId() {
        for (int id = 1; id < byId.length; id++) {
            if (byId[id] == null) {
                return id;
            }
        }
        return 0;
    }

    /** Remembers for the Changed Namespace List log page. */
    void changed(int id) {
        if (!changed.contains(id)) {
            changed.add(id);
            changed.sort(null);
        }
    }

    /** What changed since the log page was read last. */
    List<Integer> changed() {
        return List.copyOf(changed);
    }

    /** The same, and forgets it. */
    List<Integer> takeChanged() {
        List<Integer> taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    boolean volatileWriteCache() {
        return list.stream().anyMatch(namespace -> namespace.geometry().volatileWriteCache());
    }
}
