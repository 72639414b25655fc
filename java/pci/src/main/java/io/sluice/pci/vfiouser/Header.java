package io.sluice.pci.vfiouser;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * What every message begins with (section "Header").
 *
 * @param id chosen by the sender of the request, 16 bits
 * @param command number of the command, 16 bits; which there are says {@link Command}
 * @param size of the whole message, bytes
 * @param type what kind of message
 * @param noReply whether the sender of a request wants no reply
 * @param error whether a reply says that the request failed
 * @param errno the error number of such a reply; 0 where it gives none
 */
record Header(int id, int command, int size, Type type, boolean noReply, boolean error, int errno) {
    static final int BYTES = 16;

    private static final int TYPE = 0xf;
    private static final int NO_REPLY = 1 << 4;
    private static final int ERROR = 1 << 5;
    private static final int KNOWN = TYPE | NO_REPLY | ERROR;

    /** The numbers of the types are their places. */
    enum Type {
        REQUEST,
        REPLY
    }

    static Header request(int id, Command command, int bodyBytes) {
        return new Header(id, command.number(), BYTES + bodyBytes, Type.REQUEST, false, false, 0);
    }

    /** The header of the reply to a message. */
    Header reply(int bodyBytes) {
        return new Header(id, command, BYTES + bodyBytes, Type.REPLY, false, false, 0);
    }

    /** The header, and so the whole, of the reply to a message whose request failed. */
    Header refusal(int number) {
        return new Header(id, command, BYTES, Type.REPLY, false, true, number);
    }

    void encode(ByteBuffer into) {
        into.putShort((short) id).putShort((short) command).putInt(size);
        into.putInt(type.ordinal() | (noReply ? NO_REPLY : 0) | (error ? ERROR : 0));
        into.putInt(errno);
    }

    /**
     * Reads a header.
     *
     * @param mostBytes of a message that the receiver takes
     * @throws ProtocolException when it is none, after which nothing on the connection can be understood
     */
    static Header decode(ByteBuffer from, int mostBytes) throws ProtocolException {
        int id = Short.toUnsignedInt(from.getShort());
        int command = Short.toUnsignedInt(from.getShort());
        int size = from.getInt();
        int flags = from.getInt();
        int errno = from.getInt();
        if (size < BYTES || size > mostBytes) {
            throw new ProtocolException("a message of " + Integer.toUnsignedString(size) + " bytes (expected: " + BYTES
                    + " to " + mostBytes + ")");
        }
        int type = flags & TYPE;
        if (type > Type.REPLY.ordinal() || (flags & ~KNOWN) != 0) {
            throw new ProtocolException("a message with flags 0x" + Integer.toHexString(flags)
                    + ", of which only 0x1, 0x10 and 0x20 are known");
        }
        return new Header(
                id,
                command,
                size,
                type == 0 ? Type.REQUEST : Type.REPLY,
                (flags & NO_REPLY) != 0,
                (flags & ERROR) != 0,
                errno);
    }
}
