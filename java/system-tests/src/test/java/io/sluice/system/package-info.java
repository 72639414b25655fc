/** The labs: the driver against QEMU's controllers, and rules about the project as a whole. Tests only; nobody calls them. */
@NullMarked
package io.sluice.system;

import org.jspecify.annotations.NullMarked;
