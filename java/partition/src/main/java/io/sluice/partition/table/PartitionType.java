package io.sluice.partition.table;

import java.util.Locale;
import java.util.UUID;

/** What a partition is for, as its table says it. */
public sealed interface PartitionType {
    /** The table's own notation: a GUID, {@code 0x83}, {@code GEM}; empty for the whole device. */
    String code();

    /**
     * A type of GPT.
     *
     * @param guid partition type GUID, not zero
     */
    record Gpt(UUID guid) implements PartitionType {
        @Override
        public String code() {
            return guid.toString().toUpperCase(Locale.ROOT);
        }
    }

    /**
     * A type of MBR.
     *
     * @param id 1 to 255
     */
    record Mbr(int id) implements PartitionType {
        public Mbr {
            if (id < 1 || id > 255) {
                throw new IllegalArgumentException("MBR type " + id + ": expected 1 to 255");
            }
        }

        @Override
        public String code() {
            return String.format(Locale.ROOT, "0x%02X", id);
        }
    }

    /**
     * A type of AHDI.
     *
     * @param id three characters: {@code GEM}, {@code BGM}, {@code LNX} …
     */
    record Ahdi(String id) implements PartitionType {
        @Override
        public String code() {
            return id;
        }
    }

    /** The whole device, which has no table. */
    record Whole() implements PartitionType {
        @Override
        public String code() {
            return "";
        }
    }
}
