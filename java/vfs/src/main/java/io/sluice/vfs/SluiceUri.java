package io.sluice.vfs;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What a URI of the scheme names: a device, and behind an exclamation mark a path on it, as in {@code sluice:0000:03:00.0!/p1}. What a URI cannot hold, and an
 * exclamation mark in a name, is written with percent signs (RFC 3986, section 2.1).
 *
 * @param path starts with a slash; {@code /} when the URI has none
 */
record SluiceUri(String device, String path) {
    private static final String PLAIN = "-._~:@$&'()*+,;=/";

    static SluiceUri parse(URI uri) {
        String scheme = SluiceFileSystemProvider.SCHEME;
        if (!scheme.equalsIgnoreCase(uri.getScheme()) || uri.getRawFragment() != null) {
            throw wrong(uri, "expected " + scheme + ":DEVICE or " + scheme + ":DEVICE!/PATH");
        }
        String raw = uri.toString().substring(scheme.length() + 1);
        int mark = raw.indexOf('!');
        String device = decode(uri, mark < 0 ? raw : raw.substring(0, mark));
        String path = mark < 0 ? "/" : decode(uri, raw.substring(mark + 1));
        if (device.isEmpty() || !path.startsWith("/") || raw.indexOf('!', mark + 1) > 0) {
            throw wrong(uri, "expected " + scheme + ":DEVICE or " + scheme + ":DEVICE!/PATH");
        }
        return new SluiceUri(device, path);
    }

    static URI of(String device, String path) {
        return URI.create(SluiceFileSystemProvider.SCHEME + ":" + encode(device) + "!" + encode(path));
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (unit & 0xff);
            boolean plain = (character >= 'a' && character <= 'z')
                    || (character >= 'A' && character <= 'Z')
                    || (character >= '0' && character <= '9')
                    || PLAIN.indexOf(character) >= 0;
            if (plain) {
                encoded.append(character);
            } else {
                encoded.append(String.format("%%%02X", (int) character));
            }
        }
        return encoded.toString();
    }

    private static String decode(URI uri, String raw) {
        byte[] units = raw.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(units.length);
        for (int i = 0; i < units.length; i++) {
            if (units[i] == '%') {
                // URI has seen to it that two digits follow.
                decoded.put((byte) (Character.digit(units[i + 1], 16) << 4 | Character.digit(units[i + 2], 16)));
                i += 2;
            } else {
                decoded.put(units[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException broken) {
            throw wrong(uri, "what its percent signs stand for is no UTF-8");
        }
    }

    private static IllegalArgumentException wrong(URI uri, String reason) {
        return new IllegalArgumentException("'" + uri + "': " + reason);
    }
}
