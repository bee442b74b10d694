package io.gradcast.spark.cli;

import io.gradcast.engine.data.SyntheticDigits;
import io.gradcast.engine.data.SyntheticDigits.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;

/** Synthetic digits as PNG files in folders of their classes, in folders of days. */
record DatedDigits(Path root, IntUnaryOperator style, IntUnaryOperator labels) {

  /** White on black, rightly labelled. */
  static DatedDigits in(Path root) {
    return new DatedDigits(root, level -> level, label -> label);
  }

  /** With other levels of grey. */
  DatedDigits drawn(IntUnaryOperator newStyle) {
    return new DatedDigits(root, newStyle, labels);
  }

  /** With other labels than they should have. */
  DatedDigits labelled(IntUnaryOperator newLabels) {
    return new DatedDigits(root, style, newLabels);
  }

  /** Adds a day with so many digits, others for each seed. */
  DatedDigits day(String date, long seed, int count) throws IOException {
    SyntheticDigits digits = new SyntheticDigits(seed, Split.TRAIN);
    byte[] pixels = new byte[SyntheticDigits.PIXELS];
    for (int i = 0; i < count; i++) {
      digits.image(i, pixels);
      Path folder = day(date).resolve("" + labels.applyAsInt(digits.label(i)));
      Files.createDirectories(folder);
      ImageIO.write(image(pixels), "png", folder.resolve("%05d.png".formatted(i)).toFile());
    }
    return this;
  }

  /** The folder of a day. */
  Path day(String date) {
    return root.resolve("date=" + date);
  }

  private BufferedImage image(byte[] pixels) {
    int side = SyntheticDigits.SIDE;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    byte[] levels = new byte[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      levels[i] = (byte) style.applyAsInt(pixels[i] & 0xff);
    }
    image.getRaster().setDataElements(0, 0, side, side, levels);
    return image;
  }
}
