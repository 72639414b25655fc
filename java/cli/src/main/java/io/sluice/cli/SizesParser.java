package io.sluice.cli;

import io.sluice.tester.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes of I/Os: {@code 4k}, or several with their shares in percent, {@code 4k/60:64k/40}. */
final class SizesParser implements ITypeConverter<Sizes> {
    @Override
    public Sizes convert(String text) {
        if (text.indexOf('/') < 0) {
            return Sizes.of(size(text, text));
        }
        List<Sizes.Share> shares = new ArrayList<>();
        for (String share : text.split(":", -1)) {
            String[] parts = share.split("/", -1);
            if (parts.length != 2 || !parts[1].matches("\\d{1,3}")) {
                throw wrong(text, "expected SIZE/PERCENT:SIZE/PERCENT...");
            }
            try {
                shares.add(new Sizes.Share(size(parts[0], text), Integer.parseInt(parts[1])));
            } catch (IllegalArgumentException e) {
                throw wrong(text, e.getMessage());
            }
        }
        try {
            return Sizes.of(shares);
        } catch (IllegalArgumentException e) {
            throw wrong(text, e.getMessage());
        }
    }

    private static int size(String text, String all) {
        OptionalLong bytes = SizeParser.parse(text);
        if (bytes.isEmpty()) {
            throw wrong(all, "expected a number such as 4096, 4k or 1M, or sizes with their shares, 4k/60:64k/40");
        }
        if (bytes.getAsLong() < 512 || bytes.getAsLong() > Sizes.LARGEST) {
            throw wrong(all, "expected 512 to 1G bytes");
        }
        return (int) bytes.getAsLong();
    }

    private static TypeConversionException wrong(String text, String reason) {
        return new TypeConversionException("'" + text + "' is no size of I/Os: " + reason);
    }
}
