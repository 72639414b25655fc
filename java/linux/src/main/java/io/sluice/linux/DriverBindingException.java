package io.sluice.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A PCI function could not be given to a driver; the message says which, why, and what to do. */
public final class DriverBindingException extends IOException {
    private static final long serialVersionUID = 1L;

    DriverBindingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
