package io.gradcast.spark.source;

import io.gradcast.engine.tensor.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * PNG and JPEG files to pixels, by the JDK's readers. Sizes are checked before anything is decoded,
 * and nothing but pixels is looked at: no metadata, no colour profile, no orientation, and what is
 * transparent is as if it were not. For one thread.
 */
final class EncodedImages {

  /** Pixels of a file at most; what decoding takes is 4 bytes each. */
  private static final long MOST_PIXELS = 1L << 25;

  private static final int COLOURS = 3;
  private final ImageForm form;
  private final ImageReader png = ImageIO.getImageReadersByFormatName("png").next();
  private final ImageReader jpeg = ImageIO.getImageReadersByFormatName("jpeg").next();

  /** Of the last image: the JDK fills in what is missing of a JPEG, and only warns. */
  private boolean cutShort;

  EncodedImages(ImageForm form) {
    this.form = form;
    jpeg.addIIOReadWarningListener(
        (source, warning) ->
            cutShort |= warning.contains("Missing EOI") || warning.contains("premature end"));
  }

  static boolean isEncoded(byte[] bytes) {
    return isPng(bytes) || isJpeg(bytes);
  }

  private static boolean isPng(byte[] bytes) {
    return bytes.length > 8
        && bytes[0] == (byte) 0x89
        && bytes[1] == 'P'
        && bytes[2] == 'N'
        && bytes[3] == 'G';
  }

  private static boolean isJpeg(byte[] bytes) {
    return bytes.length > 3
        && bytes[0] == (byte) 0xff
        && bytes[1] == (byte) 0xd8
        && bytes[2] == (byte) 0xff;
  }

  Image decode(byte[] bytes) throws BadRecord {
    ImageReader reader = isPng(bytes) ? png : jpeg;
    BufferedImage image;
    cutShort = false;
    try (ImageInputStream in = new Bytes(bytes)) {
      reader.setInput(in, true, true);
      requireSmall(reader.getHeight(0), reader.getWidth(0));
      image = reader.read(0);
    } catch (IOException | RuntimeException e) {
      // The readers throw whatever a broken file makes them stumble over.
      throw unreadable(reader, reason(e));
    } finally {
      reader.setInput(null);
    }
    if (cutShort) {
      throw unreadable(reader, "it ends too early");
    }
    Image decoded = planes(image);
    return form.hasSize() ? Resizer.resize(decoded, form.height(), form.width()) : decoded;
  }

  private static void requireSmall(int height, int width) throws BadRecord {
    if ((long) height * width > MOST_PIXELS) {
      throw new BadRecord(
          "an image of %,d pixels at most".formatted(MOST_PIXELS), height + " x " + width);
    }
  }

  private BadRecord unreadable(ImageReader reader, String reason) {
    return new BadRecord(
        "a whole " + (reader == png ? "PNG" : "JPEG"), "one that cannot be read: " + reason);
  }

  private static String reason(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null
        ? root.getClass().getSimpleName()
        : root.getMessage().lines().findFirst().orElse("");
  }

  /** The pixels as they are in the file: a conversion between colour spaces would change them. */
  private Image planes(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    int size = height * width;
    int channels = form.channels() > 0 ? form.channels() : isGrey(image) ? 1 : COLOURS;
    if (channels == 1 && image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
      Object grey = image.getRaster().getDataElements(0, 0, width, height, null);
      return new Image(new Shape(1, height, width), (byte[]) grey);
    }
    byte[] pixels = new byte[channels * size];
    int[] row = new int[width * 4];
    int[] rgb = new int[COLOURS];
    for (int y = 0; y < height; y++) {
      int bands = readRow(image, y, row);
      for (int x = 0; x < width; x++) {
        for (int i = 0; i < COLOURS; i++) {
          rgb[i] = row[x * bands + (bands < COLOURS ? 0 : i)];
        }
        int at = y * width + x;
        if (channels == 1) {
          pixels[at] = (byte) luma(rgb);
        } else {
          for (int i = 0; i < COLOURS; i++) {
            pixels[i * size + at] = (byte) rgb[i];
          }
        }
      }
    }
    return new Image(new Shape(channels, height, width), pixels);
  }

  /** ITU-R BT.601, in the whole numbers that other libraries use for it; of grey the same grey. */
  private static int luma(int[] rgb) {
    return (rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16;
  }

  /** Puts a row's bands, pixel by pixel, as 0 to 255 each, and returns how many bands there are. */
  private static int readRow(BufferedImage image, int y, int[] row) {
    int width = image.getWidth();
    if (!isDirect(image)) {
      image.getRGB(0, y, width, 1, row, 0, width);
      // From the end, since a pixel is one number before and three afterwards.
      for (int x = width - 1; x >= 0; x--) {
        int pixel = row[x];
        row[x * COLOURS + 2] = pixel & 0xff;
        row[x * COLOURS + 1] = pixel >> 8 & 0xff;
        row[x * COLOURS] = pixel >> 16 & 0xff;
      }
      return COLOURS;
    }
    Raster raster = image.getRaster();
    raster.getPixels(0, y, width, 1, row);
    int bands = raster.getNumBands();
    if (raster.getTransferType() == DataBuffer.TYPE_USHORT) {
      for (int i = 0; i < width * bands; i++) {
        row[i] >>= Byte.SIZE;
      }
    }
    return bands;
  }

  /** Whether its numbers are levels of grey or of colours; else they stand for these. */
  private static boolean isDirect(BufferedImage image) {
    return image.getColorModel() instanceof ComponentColorModel;
  }

  /** Whether a file has no colours; one of few levels of grey is read as one with a palette. */
  private static boolean isGrey(BufferedImage image) {
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return IntStream.range(0, palette.getMapSize())
          .map(palette::getRGB)
          .allMatch(p -> (p & 0xff) == (p >> 8 & 0xff) && (p & 0xff) == (p >> 16 & 0xff));
    }
    return image.getColorModel().getNumColorComponents() == 1;
  }

  /** Those of a file: the JDK has only streams that copy them, and have to be disposed of. */
  private static final class Bytes extends ImageInputStreamImpl {

    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      bitOffset = 0;
      return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      bitOffset = 0;
      if (streamPos >= bytes.length) {
        return -1;
      }
      int count = (int) Math.min(length, bytes.length - streamPos);
      System.arraycopy(bytes, (int) streamPos, to, offset, count);
      streamPos += count;
      return count;
    }

    @Override
    public long length() {
      return bytes.length;
    }

    /** There is nothing to do, and what has a finalizer is slow to make. */
    @Override
    @SuppressWarnings({"deprecation", "removal", "Finalize"})
    protected void finalize() {}
  }
}
