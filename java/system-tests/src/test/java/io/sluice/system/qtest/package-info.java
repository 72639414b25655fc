/**
 * Lab Q: QEMU's NVMe controller without a guest. The test process is the machine's processor: it shares the machine's memory,
 * reaches registers over QEMU's qtest protocol, and makes trouble over QMP.
 */
@NullMarked
package io.sluice.system.qtest;

import org.jspecify.annotations.NullMarked;
