package io.sluice.linux;

/**
 * The part of a file that memory is a mapping of.
 *
 * @param file belongs to the mapping and is closed with it
 * @param offset of the memory's first byte in the file
 */
public record FileRange(Descriptor file, long offset) {}
