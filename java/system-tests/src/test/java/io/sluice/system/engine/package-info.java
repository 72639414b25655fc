/**
 * Where the labs' QEMU runs: as a process of this machine, or in a container started by Testcontainers. The tests above do not
 * know which; a log line says it once.
 */
@NullMarked
package io.sluice.system.engine;

import org.jspecify.annotations.NullMarked;
