package io.sluice.nvme;

/** Which of a feature's values is asked for (Get Features, SEL, section 5.13). */
public enum FeatureValue {
    /** The one that counts now. */
    CURRENT(0),
    /** The one that the device came with. */
    DEFAULT(1),
    /** The one that counts after a reset. */
    SAVED(2);

    private final int select;

    FeatureValue(int select) {
        this.select = select;
    }

    int select() {
        return select;
    }
}
