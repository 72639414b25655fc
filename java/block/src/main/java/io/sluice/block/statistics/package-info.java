/**
 * What the sessions of a process did and do, for others to see: {@link io.sluice.block.statistics.OpenSessions} lists those of this process. Drivers announce their
 * sessions here; everybody may read. Events of the Java Flight Recorder tell of sessions that come and go (a run-time image needs the module
 * {@code jdk.jfr}).
 */
@NullMarked
package io.sluice.block.statistics;

import org.jspecify.annotations.NullMarked;
