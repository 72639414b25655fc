package io.sluice.vfs;

/**
 * A partition as its table tells of it.
 *
 * @param number from 1
 * @param firstBlock of the device, within which all of it lies
 * @param label empty where there is none
 * @param guid empty where there is none
 * @param type what it is for, in words
 */
record Slice(int number, long firstBlock, long blockCount, String label, String guid, String type) {}
