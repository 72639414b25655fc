package io.sluice.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The path of a Unix socket as the kernel takes it: {@code struct sockaddr_un} of {@code unix(7)}. */
final class SocketPath {
    /** What {@code sun_path} holds, less the NUL at its end. */
    static final int MOST_BYTES = 107;

    private static final int FAMILY_BYTES = 2;

    private SocketPath() {}

    /** The address; throws when the path does not fit. */
    static byte[] address(Path path) throws IOException {
        byte[] text = path.toString().getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > MOST_BYTES) {
            throw new IOException("the socket's path has " + text.length + " bytes, but a socket's path has 1 to "
                    + MOST_BYTES + "; take a shorter one: " + path);
        }
        byte[] address = Arrays.copyOf(new byte[FAMILY_BYTES], FAMILY_BYTES + text.length + 1);
        ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).putShort((short) MessageSocket.UNIX);
        System.arraycopy(text, 0, address, FAMILY_BYTES, text.length);
        return address;
    }
}
