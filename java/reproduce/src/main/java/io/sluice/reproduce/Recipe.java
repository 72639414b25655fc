package io.sluice.reproduce;

import java.util.List;

/** How a cell is measured: a command, without the drive and the time that it gets. */
sealed interface Recipe {
    /** How the drive is reached; a command of the kernel's node is the system's own, not Sluice's. */
    Reach reach();

    /** Whether it overwrites the drive. */
    boolean writes();

    /**
     * {@code dd}, reading the drive from its beginning, again and again.
     *
     * @param blockSize such as 4K
     * @param options of {@code sluice dd} beside its operands
     */
    record Copy(Reach reach, String blockSize, List<String> options) implements Recipe {
        @Override
        public boolean writes() {
            return false;
        }
    }

    /** {@code fio}, with blocks of 4 KiB. */
    record Fio(Reach reach, String rw, String engine, int depth, Figure figure) implements Recipe {
        @Override
        public boolean writes() {
            return rw.endsWith("write");
        }
    }

    /**
     * {@code sluice bench}, reading.
     *
     * @param options what to read and how
     */
    record Bench(Reach reach, List<String> options, Figure figure) implements Recipe {
        @Override
        public boolean writes() {
            return false;
        }
    }
}
