package io.sluice.pci;

import java.nio.ByteBuffer;

/**
 * A part of a BAR that is memory, seen by the device and by its host at once.
 *
 * <p>Another process maps it only where it is a part of what {@link FunctionHost#registerMemory} gave for that BAR, each byte at its
 * offset in the BAR; other memory is seen by hosts of this process alone, and reached by messages from others.
 *
 * @param offset of its first byte in the BAR, a multiple of the page size
 * @param memory the registers, direct, little-endian; whole pages
 */
public record SharedRegisters(long offset, ByteBuffer memory) {}
