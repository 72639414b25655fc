package io.sluice.pci.vfiouser;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * VFIO_USER_VERSION, which is the same as a request and as its reply.
 *
 * @param major other versions than {@link #MAJOR} cannot be understood
 * @param minor the reply's is at most the request's
 */
record Version(int major, int minor, Capabilities capabilities) implements Request, Reply {
    static final int MAJOR = 0;
    static final int MINOR = 1;

    private static final int FIXED_BYTES = 4;
    private static final int MOST_DATA_BYTES = 1 << 16;

    @Override
    public Command command() {
        return Command.VERSION;
    }

    @Override
    public ByteBuffer encode() {
        byte[] data = capabilities.toJson().getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = Body.allocate(FIXED_BYTES + data.length + 1);
        return body.putShort((short) major)
                .putShort((short) minor)
                .put(data)
                .put((byte) 0)
                .flip();
    }

    static Version decode(ByteBuffer body) throws RefusedException {
        if (body.remaining() < FIXED_BYTES || body.remaining() > FIXED_BYTES + MOST_DATA_BYTES) {
            throw RefusedException.invalid("a version of " + body.remaining() + " bytes");
        }
        int major = Short.toUnsignedInt(body.getShort());
        int minor = Short.toUnsignedInt(body.getShort());
        if (!body.hasRemaining()) {
            return new Version(major, minor, Capabilities.NONE);
        }
        int last = body.limit() - 1;
        if (body.get(last) != 0) {
            throw RefusedException.invalid("version data does not end in NUL");
        }
        try {
            String json =
                    StandardCharsets.UTF_8.newDecoder().decode(body.limit(last)).toString();
            return new Version(major, minor, Capabilities.parse(json));
        } catch (CharacterCodingException notUtf8) {
            throw RefusedException.invalid("version data is no UTF-8");
        }
    }
}
