package io.sluice.partition;

/** Which labels a policy is for: the closed choice. */
public sealed interface LabelPattern {
    /** One label. */
    record Exact(String text) implements LabelPattern {
        @Override
        public boolean matches(String label) {
            return label.equals(text);
        }
    }

    /** All labels that begin so; every label when the text is empty. */
    record Prefix(String text) implements LabelPattern {
        @Override
        public boolean matches(String label) {
            return label.startsWith(text);
        }
    }

    /** All labels that end so. */
    record Suffix(String text) implements LabelPattern {
        @Override
        public boolean matches(String label) {
            return label.endsWith(text);
        }
    }

    /** What is compared. */
    String text();

    /** Whether a label is one of them. */
    boolean matches(String label);
}
