package io.sluice.nvme;

/** What a {@link ScriptedController} does wrong in its life cycle. */
enum ScriptedFault {
    READY_NEVER_SETS,
    READY_NEVER_CLEARS,
    FATAL_AT_ENABLE,
    GONE_AT_ENABLE,
    SHUTDOWN_NEVER_COMPLETES
}
