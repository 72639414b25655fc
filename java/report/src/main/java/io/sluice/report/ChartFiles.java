package io.sluice.report;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Charts as files. */
final class ChartFiles {
    /** Pixels of a picture for one of the chart: sharp on screens that have two for one. */
    private static final int PIXELS = 2;

    private final Path directory;

    /** @param directory made when it is not there */
    ChartFiles(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Writes NAME.svg. */
    void svg(Block.Picture picture) throws IOException {
        Files.writeString(directory.resolve(picture.name() + ".svg"), text(picture.chart(), Canvas.Style.OWN) + "\n");
    }

    /** Writes NAME.png. */
    void png(Block.Picture picture) throws IOException {
        byte[] svg = text(picture.chart(), Canvas.Style.NONE).getBytes(StandardCharsets.UTF_8);
        SVGDocument document = new SVGLoader().load(new ByteArrayInputStream(svg), null, LoaderContext.createDefault());
        if (document == null) {
            throw new IOException("chart " + picture.name() + ": the rasteriser did not read its SVG");
        }
        int width = PIXELS * (int) Math.ceil(document.size().width);
        int height = PIXELS * (int) Math.ceil(document.size().height);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.scale(PIXELS, PIXELS);
        document.render(null, graphics);
        graphics.dispose();
        Path file = directory.resolve(picture.name() + ".png");
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException(file + ": this Java writes no PNG");
        }
    }

    private static String text(Chart chart, Canvas.Style style) {
        Markup svg = new Markup();
        chart.draw(svg, style);
        return svg.toString();
    }
}
