package io.sluice.cli;

/** Through which layer dd reaches a device. */
enum DdEngine {
    /** A channel of the file system plugin, as programs have it. */
    VFS,
    /** The session below it. */
    SESSION
}
