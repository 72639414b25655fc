package io.sluice.partition.table;

/**
 * What a partition holds, told from its first bytes. The words are those of {@code blkid}.
 *
 * @param type {@code ext4}, {@code xfs}, {@code btrfs}, {@code vfat}, {@code exfat}, {@code ntfs}, {@code swap}, {@code LVM2_member}, {@code
 *     crypto_LUKS} …
 * @param version of the type, such as {@code FAT32}; empty where nobody gives one
 * @param label given by the user; empty where there is none
 * @param uuid identifies it, in the notation of its type; empty where there is none
 */
public record FileSystem(String type, String version, String label, String uuid) {}
