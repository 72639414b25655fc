package io.sluice.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code libsluice.so} cannot be used; each attempt to load it is a suppressed exception. */
public final class NativeLibraryException extends IOException {
    private static final long serialVersionUID = 1L;

    NativeLibraryException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
