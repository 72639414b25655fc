package io.sluice.linux;

import org.jspecify.annotations.Nullable;

/**
 * The C shim, {@code libsluice.so}. It is loaded once, by the first call of one of these methods and never by the
 * initialisation of a class, so that whoever needs it can say why it is not there.
 *
 * <p>It is looked for in the directory that {@code -Dsluice.native.dir=DIR} names, then in the jar
 * ({@code META-INF/native/linux-ARCH/libsluice.so}), from which it is copied to a private file in {@code -Dsluice.native.workdir=DIR}
 * (default: {@code java.io.tmpdir}) that is deleted as soon as it is loaded.
 *
 * <p>Any thread may call.
 */
public final class NativeLibrary {
    /** {@code SLUICE_ABI} of the {@code sluice.h} that the native methods of this package were written for. */
    static final int ABI = 3;

    private static final Object LOADING = new Object();
    private static volatile @Nullable Outcome outcome;

    private NativeLibrary() {}

    /**
     * Loads the library, unless it is loaded.
     *
     * @throws NativeLibraryException says what was tried, why each attempt failed and what to do
     */
    public static void ensureAvailable() throws NativeLibraryException {
        Throwable why = unavailabilityCause();
        if (why != null) {
            throw new NativeLibraryException(why.getMessage(), why);
        }
    }

    /** Loads the library, unless it is loaded; null when that worked, otherwise why not, the same each time. */
    public static @Nullable Throwable unavailabilityCause() {
        Outcome seen = outcome;
        if (seen == null) {
            synchronized (LOADING) {
                seen = outcome;
                if (seen == null) {
                    seen = load();
                    outcome = seen;
                }
            }
        }
        return seen.cause;
    }

    private static Outcome load() {
        try {
            LibraryLoader.ofThisProcess(System::load, NativeLibrary::abi).load();
            return new Outcome(null);
        } catch (NativeLibraryException exception) {
            return new Outcome(exception);
        }
    }

    static native int abi();

    /** How loading went; it is tried once. */
    private record Outcome(@Nullable Throwable cause) {}
}
