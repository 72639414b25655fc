/**
 * The {@code sluice} command: finds, binds, describes, copies and measures drives. {@link io.sluice.cli.Main} is the only way
 * in, nobody calls this package; it may call every other. Start-up time is part of its job: only the command that was named is
 * built, and no native code is loaded before a device is opened.
 */
@NullMarked
package io.sluice.cli;

import org.jspecify.annotations.NullMarked;
