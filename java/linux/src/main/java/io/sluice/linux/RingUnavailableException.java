package io.sluice.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The kernel gives this process no io_uring, or not of the kind wanted; the message says why and what to do. */
public final class RingUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    RingUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
